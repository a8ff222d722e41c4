/* push_address: where a browser may have us send to, and where not. */
#include "suite.h"

#include <arpa/inet.h>

#include "push_address.h"

static bool is_public(const char *text) {
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        return push_address_is_public((const struct sockaddr *)&four);
    }
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return push_address_is_public((const struct sockaddr *)&six);
}

/* The first and last of each network that is closed, and their neighbours outside. */
static const char *const closed[] = {
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.0",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.169.254",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "224.0.0.1",
    "239.255.255.255",
    "255.255.255.255",
    "100.127.255.255",
    "203.0.113.9",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a00:1",
    "2001:db8::1",
    "2002:a00:1::",
    "2001::1",
    "3fff::1",
    "1fff::1",
    "4000::1",
};
static const char *const open[] = {
    "1.1.1.1",     "9.255.255.255",   "11.0.0.0",        "100.63.255.255",
    "100.128.0.0", "126.0.0.1",       "128.0.0.1",       "172.15.0.1",
    "172.32.0.1",  "192.167.255.255", "192.169.0.0",     "223.255.255.1",
    "198.20.0.0",  "2a00:1450::1",    "2606:4700::1111", "2001:4860::8888",
};

static void only_what_the_internet_can_reach_is_public(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(closed); i++) {
        assert_case(!is_public(closed[i]), closed[i]);
    }
    for (size_t i = 0; i < ROWS(open); i++) {
        assert_case(is_public(open[i]), open[i]);
    }
    assert_false(push_address_is_public(&(struct sockaddr){.sa_family = AF_UNIX}));
}

static const struct {
    const char *url, *origin; /* NULL: refused */
    bool loose;
} urls[] = {
    {"https://push.example/a/b?c=d", "https://push.example", false},
    {"https://push.example:443/a", "https://push.example", false},
    {"https://push.example:8443/a", "https://push.example:8443", false},
    {"HTTPS://PUSH.example/a", "https://PUSH.example", false},
    {"https://[2a00::1]/a", "https://[2a00::1]", false},
    {"http://push.example/a", NULL, false},
    {"http://push.example/a", "http://push.example", true},
    {"http://127.0.0.1:81/a", "http://127.0.0.1:81", true},
    {"https://anna@push.example/a", NULL, false},
    {"https://anna:secret@push.example/a", NULL, true},
    {"ftp://push.example/a", NULL, true},
    {"file:///etc/passwd", NULL, true},
    {"gopher://push.example/a", NULL, true},
    {"javascript:alert(1)", NULL, true},
    {"//push.example/a", NULL, false},
    {"push.example", NULL, false},
    {"https://", NULL, false},
    {"https:///a", "https://a", false}, /* as curl will read it */
    {"", NULL, true},
};

static void only_a_url_of_a_push_service_is_one(void **state) {
    (void)state;
    char origin[PUSH_ORIGIN_MAX];
    for (size_t i = 0; i < ROWS(urls); i++) {
        bool good = push_url_read(urls[i].url, urls[i].loose, origin);
        assert_case(good == (urls[i].origin != NULL), urls[i].url);
        if (good) {
            assert_string_equal(origin, urls[i].origin);
        }
    }
}

static void a_url_of_the_greatest_length_is_taken_and_one_more_is_not(void **state) {
    (void)state;
    char url[PUSH_URL_MAX + 1] = "https://push.example/", origin[PUSH_ORIGIN_MAX];
    size_t bytes = strlen(url);
    memset(url + bytes, 'x', sizeof url - bytes);
    url[PUSH_URL_MAX] = '\0';
    assert_false(push_url_read(url, false, origin));
    url[PUSH_URL_MAX - 1] = '\0';
    assert_true(push_url_read(url, false, origin));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_the_internet_can_reach_is_public),
        cmocka_unit_test(only_a_url_of_a_push_service_is_one),
        cmocka_unit_test(a_url_of_the_greatest_length_is_taken_and_one_more_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
