/* courier: what it connects to, and that nobody's slowness is another's. Names are looked up in a
 * table of our own. */
#include "suite.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <time.h>

#include <curl/curl.h>

#include "clock.h"
#include "courier.h"

enum { SLOW_MS = 3000, TIMEOUT_MS = 300, PATIENCE_MS = 10000 };

typedef int look_up(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static const struct name {
    const char *name, *address;
    int64_t after_ms;
} names[] = {
    {"inside.example", "127.0.0.1", 0},         {"router.example", "192.168.0.1", 0},
    {"metadata.example", "169.254.169.254", 0}, {"slow.example", "127.0.0.1", SLOW_MS},
    {"mapped.example", "::ffff:127.0.0.1", 0},  {"loop.example", "::1", 0},
};

/* In the place of the C library's own, which is given the address that stands for the name. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **out) {
    look_up *own = (look_up *)dlsym(RTLD_NEXT, "getaddrinfo");
    for (size_t i = 0; i < ROWS(names); i++) {
        if (strcmp(name, names[i].name) == 0) {
            nanosleep(&(struct timespec){names[i].after_ms / 1000, 0}, NULL);
            name = names[i].address;
            break;
        }
    }
    return own(name, service, hints, out);
}

static void send_to(struct courier *courier, const char *url) {
    const struct courier_parcel parcel = {.url = url,
                                          .authorization = "vapid",
                                          .topic = "topic",
                                          .ttl_s = 1,
                                          .body = (const unsigned char *)"x",
                                          .bytes = 1,
                                          .context = (void *)url};
    courier_send(courier, &parcel);
}

static struct courier_receipt receive(struct courier *courier) {
    struct courier_receipt receipt = {.context = NULL};
    int64_t end_ms = clock_ms() + PATIENCE_MS;
    while (!courier_next(courier, &receipt) && clock_ms() < end_ms) {
        courier_wait(courier, 50);
    }
    assert_non_null(receipt.context);
    return receipt;
}

static void drop(void *context) {
    (void)context;
}

static void a_name_for_what_only_we_can_reach_is_refused(void **state) {
    (void)state;
    static const char *const urls[] = {
        "https://inside.example/", "https://router.example/",  "https://metadata.example/",
        "https://mapped.example/", "https://loop.example/",    "https://127.0.0.1/",
        "https://127.1/",          "https://2130706433/",      "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",     "https://%31%32%37.0.0.1/", "https://[::1]/",
        "https://[::127.0.0.1]/",  "https://[::ffff:7f00:1]/", "https://[64:ff9b::7f00:1]/",
        "https://[fe80::1%25lo]/",
    };
    struct courier *courier = courier_new(TIMEOUT_MS, false);
    for (size_t i = 0; i < ROWS(urls); i++) {
        send_to(courier, urls[i]);
        struct courier_receipt receipt = receive(courier);
        assert_case(receipt.refused && receipt.status == 0, urls[i]);
    }
    courier_free(&courier, drop);
}

static void nothing_but_https_is_spoken(void **state) {
    (void)state;
    static const char *const urls[] = {"http://1.1.1.1/", "ftp://1.1.1.1/", "file:///etc/passwd",
                                       "gopher://1.1.1.1/", "dict://1.1.1.1/"};
    struct courier *courier = courier_new(TIMEOUT_MS, false);
    for (size_t i = 0; i < ROWS(urls); i++) {
        send_to(courier, urls[i]);
        struct courier_receipt receipt = receive(courier);
        assert_case(receipt.status == 0 &&
                        strcmp(receipt.why, curl_easy_strerror(CURLE_UNSUPPORTED_PROTOCOL)) == 0,
                    urls[i]);
    }
    courier_free(&courier, drop);
}

/* Whoever asks for its address is in no hurry: others are served meanwhile. */
static void a_name_that_nobody_answers_for_keeps_nobody_waiting(void **state) {
    (void)state;
    struct courier *courier = courier_new(TIMEOUT_MS, false);
    int64_t begun_ms = clock_ms();
    send_to(courier, "https://slow.example/a");
    send_to(courier, "https://slow.example/b");
    assert_int_equal(receive(courier).status, 0);
    assert_int_equal(receive(courier).status, 0);
    send_to(courier, "https://inside.example/");
    assert_true(receive(courier).refused);
    assert_true(clock_ms() - begun_ms < SLOW_MS / 2);
    send_to(courier, "https://slow.example/c");
    courier_wait(courier, 50);
    courier_free(&courier, drop);
    assert_true(clock_ms() - begun_ms < SLOW_MS);
    nanosleep(&(struct timespec){SLOW_MS / 1000 + 1, 0}, NULL); /* what is left of them ends */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_for_what_only_we_can_reach_is_refused),
        cmocka_unit_test(nothing_but_https_is_spoken),
        cmocka_unit_test(a_name_that_nobody_answers_for_keeps_nobody_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
