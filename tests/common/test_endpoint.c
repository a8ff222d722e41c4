/*
 * endpoint: the forms of redis.url, and what only looks like one.
 */
#include "suite.h"

#include <stonechat/endpoint.h>

static const struct {
    const char *url;
    struct sc_endpoint endpoint;
} fine[] = {
    {"unix:redis.sock", {.path = "redis.sock"}},
    {"unix:/run/a b/%41", {.path = "/run/a b/%41"}},
    {"redis://h", {.address = {"h", 6379}}},
    {"redis://h/", {.address = {"h", 6379}}},
    {"redis://h/0", {.address = {"h", 6379}}},
    {"redis://10.0.0.1:1/15", {.address = {"10.0.0.1", 1}, .database = 15}},
    {"redis://h:65535", {.address = {"h", 65535}}},
    {"redis://[::1]", {.address = {"::1", 6379}}},
    {"redis://[::1]:7000/2", {.address = {"::1", 7000}, .database = 2}},
    {"redis://:pw@h", {.address = {"h", 6379}, .password = "pw"}},
    {"redis://u:p@h:1", {.address = {"h", 1}, .user = "u", .password = "p"}},
    {"redis://u%3A:p%40%2f%25@h", {.address = {"h", 6379}, .user = "u:", .password = "p@/%"}},
    {"redis://u:p:q@x@h", {.address = {"h", 6379}, .user = "u", .password = "p:q@x"}},
    {"sentinel://h/m",
     {.sentinels = (struct sc_address[]){{"h", 26379}}, .sentinels_count = 1, .master = "m"}},
    {"sentinel://a,b:1,[::1],[::2]:7/my.Master_1-x/3",
     {.sentinels = (struct sc_address[]){{"a", 26379}, {"b", 1}, {"::1", 26379}, {"::2", 7}},
      .sentinels_count = 4,
      .master = "my.Master_1-x",
      .database = 3}},
    {"sentinel://u%2C:p%2F@a:2,b/m/",
     {.sentinels = (struct sc_address[]){{"a", 2}, {"b", 26379}},
      .sentinels_count = 2,
      .master = "m",
      .user = "u,",
      .password = "p/"}},
    {"redis://u:@h", {.address = {"h", 6379}, .user = "u", .password = ""}},
};

static bool same(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_address(const struct sc_address *a, const struct sc_address *b) {
    return same(a->host, b->host) && a->port == b->port;
}

static void all_forms_are_read(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(fine); i++) {
        const struct sc_endpoint *wanted = &fine[i].endpoint;
        struct sc_endpoint got;
        assert_case(sc_endpoint_init(&got, fine[i].url), fine[i].url);
        assert_case(same(got.path, wanted->path), fine[i].url);
        assert_case(same_address(&got.address, &wanted->address), fine[i].url);
        assert_case(got.sentinels_count == wanted->sentinels_count, fine[i].url);
        for (size_t j = 0; j < got.sentinels_count; j++) {
            assert_case(same_address(&got.sentinels[j], &wanted->sentinels[j]), fine[i].url);
        }
        assert_case(same(got.master, wanted->master), fine[i].url);
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
        "redis://a,b:1",
        "sentinel:h/m",
        "sentinel://",
        "sentinel://h",
        "sentinel://h/",
        "sentinel://h//1",
        "sentinel:///m",
        "sentinel://h,/m",
        "sentinel://,h/m",
        "sentinel://a,,b/m",
        "sentinel://a:0,b/m",
        "sentinel://a,b:70000/m",
        "sentinel://a:1:2/m",
        "sentinel://a b/m m",
        "sentinel://h/m%20",
        "sentinel://h/m/x",
        "sentinel://h/m/1/2",
        "sentinel://u@h/m",
        "sentinel://u:p@/m",
        "sentinel://h?master=m",
    };
    for (size_t i = 0; i < ROWS(bad); i++) {
        struct sc_endpoint endpoint;
        assert_case(!sc_endpoint_init(&endpoint, bad[i]), bad[i]);
        assert_case(endpoint.path == NULL && endpoint.address.host == NULL, bad[i]);
        assert_case(endpoint.master == NULL && endpoint.sentinels == NULL, bad[i]);
        assert_case(endpoint.user == NULL && endpoint.password == NULL, bad[i]);
    }
}

static void what_was_given_back_can_be_given_back_again(void **state) {
    (void)state;
    struct sc_endpoint endpoint;
    assert_true(sc_endpoint_init(&endpoint, "redis://u:p@h"));
    sc_endpoint_deinit(&endpoint);
    sc_endpoint_deinit(&endpoint);
    assert_null(endpoint.address.host);
}

static void what_a_sentinel_says_is_looked_at(void **state) {
    (void)state;
    struct sc_address address = {0};
    struct sc_address other = {0};
    assert_true(sc_address_set(&address, "10.0.0.1", "6379"));
    assert_false(sc_address_set(&address, "", "6379"));
    assert_false(sc_address_set(&address, "x", "0"));
    assert_false(sc_address_set(&address, "x", "65536"));
    assert_false(sc_address_set(&address, "x", "1 "));
    assert_false(sc_address_same(&address, &other));
    assert_false(sc_address_same(&other, &other)); /* nowhere is no place */
    assert_true(sc_address_set(&other, "10.0.0.1", "6379"));
    assert_true(sc_address_same(&address, &other));
    assert_true(sc_address_set(&other, other.host, "6380"));
    assert_false(sc_address_same(&address, &other));
    sc_address_deinit(&address);
    sc_address_deinit(&other);
    sc_address_deinit(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_forms_are_read),
        cmocka_unit_test(anything_else_is_refused_and_leaves_nothing),
        cmocka_unit_test(what_a_sentinel_says_is_looked_at),
        cmocka_unit_test(what_was_given_back_can_be_given_back_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
