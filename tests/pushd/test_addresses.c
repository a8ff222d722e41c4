/*
 * addresses: what counts as one address, and that a count is never too small and seldom too large.
 */
#include "suite.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "addresses.h"

enum { WORKERS = 3 };

static uint64_t key_of(const char *text) {
    return address_key(text, strlen(text));
}

static int share(void **state) {
    (void)state;
    addresses_share(WORKERS);
    addresses_begin(0);
    return 0;
}

static void what_is_one_address_has_one_key(void **state) {
    (void)state;
    static const char *const same[][2] = {
        {"192.0.2.1", "::ffff:192.0.2.1"},
        {"2001:db8::1", "2001:db8:0:0:ffff:ffff:ffff:ffff"},
        {"2001:DB8::", "2001:db8::5"},
    };
    static const char *const others[][2] = {
        {"192.0.2.1", "192.0.2.2"},
        {"2001:db8::1", "2001:db8:0:1::1"},
        {"192.0.2.1", "::192.0.2.1"},
    };
    for (size_t i = 0; i < ROWS(same); i++) {
        assert_case(key_of(same[i][0]) == key_of(same[i][1]), same[i][0]);
    }
    for (size_t i = 0; i < ROWS(others); i++) {
        assert_case(key_of(others[i][0]) != key_of(others[i][1]), others[i][0]);
    }
}

static void what_is_no_address_has_no_key_and_no_limit(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "unix:",
        "localhost",
        "192.0.2",
        "192.0.2.1 ",
        "192.0.2.256",
        "fe80::1%eth0",
        ":::",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd"};
    for (size_t i = 0; i < ROWS(texts); i++) {
        assert_case(key_of(texts[i]) == 0, texts[i]);
    }
    assert_int_equal(address_key(NULL, 0), 0);
    assert_true(addresses_enter(0, 1));
    assert_true(addresses_enter(0, 1));
    addresses_leave(0);
}

static void a_key_is_of_the_piece_alone(void **state) {
    (void)state;
    assert_int_equal(address_key("192.0.2.17", 9), key_of("192.0.2.1"));
}

static void one_more_than_allowed_is_refused_until_one_leaves(void **state) {
    (void)state;
    uint64_t here = key_of("192.0.2.1"), there = key_of("192.0.2.2");
    for (int i = 0; i < 5; i++) {
        assert_true(addresses_enter(here, 5));
    }
    for (int i = 0; i < 9; i++) {
        assert_false(addresses_enter(here, 5));
    }
    assert_true(addresses_enter(there, 5));
    addresses_leave(here);
    assert_true(addresses_enter(here, 5));
    assert_false(addresses_enter(here, 5));
    assert_true(addresses_enter(here, 0));
}

static void all_workers_count_together(void **state) {
    (void)state;
    uint64_t key = key_of("2001:db8::1");
    for (size_t worker = 0; worker < WORKERS; worker++) {
        addresses_begin(worker);
        assert_true(addresses_enter(key, WORKERS));
    }
    for (size_t worker = 0; worker < WORKERS; worker++) {
        addresses_begin(worker);
        assert_false(addresses_enter(key, WORKERS));
    }
    addresses_end(1);
    assert_true(addresses_enter(key, WORKERS));
    assert_false(addresses_enter(key, WORKERS));
}

static void what_a_process_counts_others_see(void **state) {
    (void)state;
    uint64_t key = key_of("192.0.2.9");
    pid_t child = fork();
    if (child == 0) {
        addresses_begin(2);
        _exit(addresses_enter(key, 1) ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_false(addresses_enter(key, 1));
    addresses_end(2);
    assert_true(addresses_enter(key, 1));
}

/* 100,000 others, one connection each: nobody is refused far from the limit, everybody at it. */
static void a_crowd_makes_the_count_a_little_too_large_and_never_too_small(void **state) {
    (void)state;
    enum { OTHERS = 100000, MOST = 50 };
    char text[32];
    for (int i = 0; i < OTHERS; i++) {
        snprintf(text, sizeof text, "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
        assert_true(addresses_enter(key_of(text), 0));
    }
    uint64_t key = key_of("192.0.2.1");
    int entered = 0;
    while (addresses_enter(key, MOST)) {
        entered++;
    }
    assert_in_range(entered, MOST - 20, MOST);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, share)
    const struct CMUnitTest tests[] = {
        TEST(what_is_one_address_has_one_key),
        TEST(what_is_no_address_has_no_key_and_no_limit),
        TEST(a_key_is_of_the_piece_alone),
        TEST(one_more_than_allowed_is_refused_until_one_leaves),
        TEST(all_workers_count_together),
        TEST(what_a_process_counts_others_see),
        TEST(a_crowd_makes_the_count_a_little_too_large_and_never_too_small),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
