/*
 * master: what the sentinels say, whose parts are played by threads of the test.
 */
#include "suite.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stonechat/log.h>

#include "clock.h"
#include "master.h"

enum { SENTINELS = 2, PATIENCE_MS = 4000, SILENT_MS = 1500 };

/* Answers every visitor with the port that it holds for the master's; 0: it knows none; -1: it says
 * nothing. */
struct sentinel {
    int door, port;
    atomic_int says, visitors;
    pthread_t thread;
};

static struct sentinel sentinels[SENTINELS];
static struct sc_settings settings;
static struct sc_endpoint endpoint;
static struct master *master;

static void *play(void *context) {
    struct sentinel *sentinel = context;
    int visitor;
    while ((visitor = accept(sentinel->door, NULL, NULL)) >= 0) {
        char heard[256], reply[96] = "*-1\r\n", digits[8];
        atomic_fetch_add(&sentinel->visitors, 1);
        snprintf(digits, sizeof digits, "%d", atomic_load(&sentinel->says));
        if (digits[0] != '0') {
            snprintf(reply, sizeof reply, "*2\r\n$8\r\n10.0.0.1\r\n$%zu\r\n%s\r\n", strlen(digits),
                     digits);
        }
        if (digits[0] != '-' && read(visitor, heard, sizeof heard) > 0) {
            (void)!write(visitor, reply, strlen(reply));
        }
        if (atomic_load(&sentinel->says) < 0) {
            usleep(SILENT_MS * 1000);
        }
        close(visitor);
    }
    return NULL;
}

static void open_sentinel(struct sentinel *sentinel) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t bytes = sizeof address;
    sentinel->door = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(sentinel->door, (struct sockaddr *)&address, bytes), 0);
    assert_int_equal(listen(sentinel->door, 8), 0);
    getsockname(sentinel->door, (struct sockaddr *)&address, &bytes);
    sentinel->port = ntohs(address.sin_port);
    pthread_create(&sentinel->thread, NULL, play, sentinel);
}

static void begin(int first_says, int second_says) {
    atomic_store(&sentinels[0].says, first_says);
    atomic_store(&sentinels[1].says, second_says);
    master = master_new(&endpoint, &settings);
}

static int set_up(void **state) {
    (void)state;
    char url[96];
    memset(sentinels, 0, sizeof sentinels);
    for (int i = 0; i < SENTINELS; i++) {
        open_sentinel(&sentinels[i]);
    }
    snprintf(url, sizeof url, "sentinel://127.0.0.1:%d,127.0.0.1:%d/chat", sentinels[0].port,
             sentinels[1].port);
    sc_settings_init(&settings);
    sc_log_init(&settings, "test");
    return sc_endpoint_init(&endpoint, url) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    master_free(&master);
    assert_null(master);
    for (int i = 0; i < SENTINELS; i++) {
        shutdown(sentinels[i].door, SHUT_RDWR);
        pthread_join(sentinels[i].thread, NULL);
        close(sentinels[i].door);
    }
    sc_endpoint_deinit(&endpoint);
    sc_settings_deinit(&settings);
    return 0;
}

/* The port at which the master is said to be; 0: nobody knows. */
static int where(int64_t wait_ms, unsigned *version_out) {
    struct sc_address address = {0};
    bool known = master_where(master, wait_ms, &address, version_out);
    int port = known ? address.port : 0;
    sc_address_deinit(&address);
    return port;
}

static void the_first_answer_is_waited_for(void **state) {
    (void)state;
    unsigned version;
    begin(7000, 7001);
    assert_int_equal(where(PATIENCE_MS, &version), 7000);
    assert_false(master_has_moved(master, version));
    assert_int_equal(where(0, &version), 7000);
    assert_int_equal(atomic_load(&sentinels[1].visitors), 0);
}

static void nobody_who_knows_is_not_waited_for_for_ever(void **state) {
    (void)state;
    unsigned version;
    begin(0, 0);
    int64_t began = clock_ms();
    assert_int_equal(where(150, &version), 0);
    assert_in_range(clock_ms() - began, 140, 1500);
    atomic_store(&sentinels[1].says, 7001);
    assert_int_equal(where(PATIENCE_MS, &version), 7001);
}

static void a_master_that_moves_is_noticed_without_a_doubt(void **state) {
    (void)state;
    unsigned version;
    begin(7000, 7000);
    assert_int_equal(where(PATIENCE_MS, &version), 7000);
    atomic_store(&sentinels[0].says, 7005);
    for (int64_t end = clock_ms() + PATIENCE_MS;
         !master_has_moved(master, version) && clock_ms() < end;) {
        usleep(5000);
    }
    assert_int_equal(where(0, &version), 7005);
    assert_false(master_has_moved(master, version));
}

static void what_is_doubted_is_asked_of_another_soon(void **state) {
    (void)state;
    unsigned version;
    begin(7000, 7001);
    assert_int_equal(where(PATIENCE_MS, &version), 7000);
    int64_t began = clock_ms();
    master_doubt(master, version);
    while (!master_has_moved(master, version) && clock_ms() < began + PATIENCE_MS) {
        usleep(1000);
    }
    assert_true(clock_ms() - began < 900); /* not only when it would have been asked anyway */
    unsigned older = version;
    assert_int_equal(where(0, &version), 7001);
    master_doubt(master, older); /* has been replaced meanwhile: no doubt about what is known now */
    usleep(200 * 1000);
    assert_int_equal(where(0, &version), 7001);
}

static void what_is_doubted_is_not_given_until_it_is_confirmed(void **state) {
    (void)state;
    unsigned version;
    begin(7000, 7000);
    assert_int_equal(where(PATIENCE_MS, &version), 7000);
    for (int i = 0; i < SENTINELS; i++) {
        atomic_store(&sentinels[i].says, 0);
    }
    master_doubt(master, version);
    assert_int_equal(where(300, &version), 0);
    atomic_store(&sentinels[1].says, 7000);
    assert_int_equal(where(PATIENCE_MS, &version), 7000);
    assert_false(master_has_moved(master, version));
}

static void its_end_does_not_wait_for_all_who_are_silent(void **state) {
    (void)state;
    begin(-1, -1);
    usleep(50 * 1000);
    int64_t began = clock_ms();
    master_free(&master);
    assert_true(clock_ms() - began < settings.redis_connect_ms + 300);
    assert_int_equal(atomic_load(&sentinels[1].visitors), 0);
}

static void doubts_without_end_do_not_become_a_storm(void **state) {
    (void)state;
    unsigned version;
    begin(7000, 7000);
    assert_int_equal(where(PATIENCE_MS, &version), 7000);
    for (int64_t end = clock_ms() + 1000; clock_ms() < end;) {
        master_doubt(master, version);
        usleep(500);
    }
    int visitors = atomic_load(&sentinels[0].visitors) + atomic_load(&sentinels[1].visitors);
    assert_in_range(visitors, 2, 12);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_first_answer_is_waited_for),
        TEST(nobody_who_knows_is_not_waited_for_for_ever),
        TEST(a_master_that_moves_is_noticed_without_a_doubt),
        TEST(what_is_doubted_is_asked_of_another_soon),
        TEST(what_is_doubted_is_not_given_until_it_is_confirmed),
        TEST(its_end_does_not_wait_for_all_who_are_silent),
        TEST(doubts_without_end_do_not_become_a_storm),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
