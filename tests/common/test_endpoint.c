/*
 * endpoint: the two forms of redis.url, and what only looks like one.
 */
#include "suite.h"

#include <stonechat/endpoint.h>

static const struct {
    const char *url;
    struct sc_endpoint endpoint;
} fine[] = {
    {"unix:redis.sock", {.path = "redis.sock"}},
    {"unix:/run/a b/%41", {.path = "/run/a b/%41"}},
    {"redis://h", {.host = "h", .port = 6379}},
    {"redis://h/", {.host = "h", .port = 6379}},
    {"redis://h/0", {.host = "h", .port = 6379}},
    {"redis://10.0.0.1:1/15", {.host = "10.0.0.1", .port = 1, .database = 15}},
    {"redis://h:65535", {.host = "h", .port = 65535}},
    {"redis://[::1]", {.host = "::1", .port = 6379}},
    {"redis://[::1]:7000/2", {.host = "::1", .port = 7000, .database = 2}},
    {"redis://:pw@h", {.host = "h", .port = 6379, .password = "pw"}},
    {"redis://u:p@h:1", {.host = "h", .port = 1, .user = "u", .password = "p"}},
    {"redis://u%3A:p%40%2f%25@h", {.host = "h", .port = 6379, .user = "u:", .password = "p@/%"}},
    {"redis://u:p:q@x@h", {.host = "h", .port = 6379, .user = "u", .password = "p:q@x"}},
    {"redis://u:@h", {.host = "h", .port = 6379, .user = "u", .password = ""}},
};

static bool same(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void both_forms_are_read(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(fine); i++) {
        const struct sc_endpoint *wanted = &fine[i].endpoint;
        struct sc_endpoint got;
        assert_case(sc_endpoint_init(&got, fine[i].url), fine[i].url);
        assert_case(same(got.path, wanted->path), fine[i].url);
        assert_case(same(got.host, wanted->host), fine[i].url);
        assert_case(got.port == wanted->port, fine[i].url);
        assert_case(same(got.user, wanted->user), fine[i].url);
        assert_case(same(got.password, wanted->password), fine[i].url);
        assert_case(got.database == wanted->database, fine[i].url);
        sc_endpoint_deinit(&got);
    }
}

static void anything_else_is_refused_and_leaves_nothing(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "unix:",
        "redis:h",
        "redis://",
        "redis://:6379",
        "redis:///1",
        "http://h",
        "REDIS://h",
        "redis://h:",
        "redis://h:0",
        "redis://h:65536",
        "redis://h:-1",
        "redis://h:+1",
        "redis://h:1x",
        "redis://h: 1",
        "redis://h:99999999999999999999",
        "redis://h/x",
        "redis://h/-1",
        "redis://h/1/2",
        "redis://h/1048577",
        "redis://[::1",
        "redis://[]",
        "redis://[::1]7000",
        "redis://u@h",
        "redis://u:p@",
        "redis://u:%4@h",
        "redis://u:%@h",
        "redis://u:%zz@h",
        "redis://%q:p@h",
        "redis://u:a%00b@h",
    };
    for (size_t i = 0; i < ROWS(bad); i++) {
        struct sc_endpoint endpoint;
        assert_case(!sc_endpoint_init(&endpoint, bad[i]), bad[i]);
        assert_case(endpoint.path == NULL && endpoint.host == NULL, bad[i]);
        assert_case(endpoint.user == NULL && endpoint.password == NULL, bad[i]);
    }
}

static void what_was_given_back_can_be_given_back_again(void **state) {
    (void)state;
    struct sc_endpoint endpoint;
    assert_true(sc_endpoint_init(&endpoint, "redis://u:p@h"));
    sc_endpoint_deinit(&endpoint);
    sc_endpoint_deinit(&endpoint);
    assert_null(endpoint.host);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_forms_are_read),
        cmocka_unit_test(anything_else_is_refused_and_leaves_nothing),
        cmocka_unit_test(what_was_given_back_can_be_given_back_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
