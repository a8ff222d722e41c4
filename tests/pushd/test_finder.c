/*
 * finder: one sentinel after another, whose parts are played by the test.
 */
#include "suite.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "finder.h"

enum { SENTINELS = 3, PATIENCE_MS = 3000 };

static struct event_base *base;
static struct sc_settings settings;
static struct sc_endpoint endpoint;
static struct finder *finder;
static int doors[SENTINELS];
static int sentinel = -1; /* the end of the one that is asked */
static char told[128];

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void turn(void) {
    event_base_loop(base, EVLOOP_NONBLOCK);
    usleep(500);
}

static void on_found(const struct sc_address *master, void *context) {
    (void)context;
    size_t used = strlen(told);
    snprintf(told + used, sizeof told - used, "%s:%d ", master != NULL ? master->host : "nobody",
             master != NULL ? master->port : 0);
}

static void wait_until_told(const char *what) {
    for (int64_t end = now_ms() + PATIENCE_MS; strcmp(told, what) != 0 && now_ms() < end;) {
        turn();
    }
    assert_string_equal(told, what);
    told[0] = '\0';
}

static int open_door(int *port_out) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t bytes = sizeof address;
    int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(door, (struct sockaddr *)&address, bytes), 0);
    assert_int_equal(listen(door, 8), 0);
    getsockname(door, (struct sockaddr *)&address, &bytes);
    *port_out = ntohs(address.sin_port);
    return door;
}

/* That sentinel, and no other, is asked next. */
static void is_asked(int who, const char *question) {
    char heard[512] = "";
    size_t count = 0;
    close(sentinel);
    sentinel = -1;
    for (int64_t end = now_ms() + PATIENCE_MS; sentinel < 0 && now_ms() < end;) {
        turn();
        sentinel = accept4(doors[who], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    }
    assert_true(sentinel >= 0);
    for (int64_t end = now_ms() + PATIENCE_MS; count < strlen(question) && now_ms() < end;) {
        turn();
        ssize_t more = recv(sentinel, heard + count, sizeof heard - 1 - count, 0);
        count += more > 0 ? (size_t)more : 0;
    }
    assert_string_equal(heard, question);
}

static void answer(const char *reply) {
    assert_int_equal(send(sentinel, reply, strlen(reply), MSG_NOSIGNAL), strlen(reply));
}

#define QUESTION "*3\r\n$8\r\nSENTINEL\r\n$23\r\nget-master-addr-by-name\r\n$4\r\nchat\r\n"
#define HERE     "*2\r\n$8\r\n10.0.0.1\r\n$4\r\n6379\r\n"

static int set_up(void **state) {
    (void)state;
    char fault[128], url[128] = "sentinel://", *at = url + strlen(url);
    for (int i = 0; i < SENTINELS; i++) {
        int port;
        doors[i] = open_door(&port);
        at += sprintf(at, "127.0.0.1:%d%s", port, i + 1 < SENTINELS ? "," : "/chat");
    }
    sc_settings_init(&settings);
    assert_true(sc_settings_set(&settings, "redis.connect_ms=100", fault, sizeof fault));
    assert_true(sc_endpoint_init(&endpoint, url));
    base = event_base_new();
    finder = finder_new(base, &settings, &endpoint, on_found, NULL);
    told[0] = '\0';
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    finder_free(&finder);
    event_base_free(base);
    for (int i = 0; i < SENTINELS; i++) {
        close(doors[i]);
    }
    close(sentinel);
    sentinel = -1;
    sc_endpoint_deinit(&endpoint);
    sc_settings_deinit(&settings);
    return 0;
}

static void the_first_that_knows_is_asked_first_again(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        finder_ask(finder);
        finder_ask(finder);
        is_asked(0, QUESTION);
        for (const char *byte = HERE; *byte != '\0'; byte++) {
            answer((char[]){*byte, '\0'});
            turn();
        }
        wait_until_told("10.0.0.1:6379 ");
    }
}

static void one_that_does_not_know_or_answer_is_passed_over(void **state) {
    (void)state;
    finder_ask(finder);
    is_asked(0, QUESTION);
    answer("*-1\r\n");
    is_asked(1, QUESTION); /* and says nothing */
    is_asked(2, QUESTION);
    answer("*2\r\n$3\r\n::1\r\n$1\r\n1\r\n");
    wait_until_told("::1:1 ");
    finder_ask(finder);
    is_asked(2, QUESTION);
    answer(HERE);
    wait_until_told("10.0.0.1:6379 ");
}

static void nonsense_is_passed_over(void **state) {
    (void)state;
    finder_ask(finder);
    is_asked(0, QUESTION);
    answer("HTTP/1.1 400 Bad Request\r\n\r\n");
    is_asked(1, QUESTION);
    answer("*2\r\n$1\r\nh\r\n$5\r\n99999\r\n");
    is_asked(2, QUESTION);
    answer("-IDONTKNOW no\r\n");
    wait_until_told("nobody:0 ");
}

static void what_proved_wrong_is_asked_of_another(void **state) {
    (void)state;
    finder_ask(finder);
    is_asked(0, QUESTION);
    answer(HERE);
    wait_until_told("10.0.0.1:6379 ");
    finder_doubt(finder);
    finder_ask(finder);
    is_asked(1, QUESTION);
    answer(HERE);
    wait_until_told("10.0.0.1:6379 ");
}

static void nobody_there_is_told_in_time(void **state) {
    (void)state;
    for (int i = 0; i < SENTINELS - 1; i++) {
        close(doors[i]);
    }
    int64_t began = now_ms();
    finder_ask(finder); /* the last one accepts and says nothing */
    wait_until_told("nobody:0 ");
    assert_in_range(now_ms() - began, 90, 1500);
    for (int i = 0; i < SENTINELS - 1; i++) {
        int port;
        doors[i] = open_door(&port);
    }
}

static void a_password_is_given_first(void **state) {
    (void)state;
    char fault[128];
    assert_true(sc_settings_set(&settings, "redis.sentinel_password=a b", fault, sizeof fault));
    finder_ask(finder);
    is_asked(0, "*2\r\n$4\r\nAUTH\r\n$3\r\na b\r\n" QUESTION);
    answer("+OK\r\n" HERE);
    wait_until_told("10.0.0.1:6379 ");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_first_that_knows_is_asked_first_again),
        TEST(one_that_does_not_know_or_answer_is_passed_over),
        TEST(nonsense_is_passed_over),
        TEST(what_proved_wrong_is_asked_of_another),
        TEST(nobody_there_is_told_in_time),
        TEST(a_password_is_given_first),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
