/*
 * greeting: what is said for which `redis.url`, and what may be answered.
 */
#include "suite.h"

#include <string.h>

#include "greeting.h"

static struct sc_endpoint endpoint;
static struct greeting greeting;

static void begin(const char *url, bool only_a_master) {
    sc_endpoint_deinit(&endpoint);
    sc_endpoint_init(&endpoint, url);
    greeting_init(&greeting, &endpoint, only_a_master, "test");
}

static int tear_down(void **state) {
    (void)state;
    sc_endpoint_deinit(&endpoint);
    return 0;
}

static const char *said(void) {
    static char all[256];
    all[0] = '\0';
    for (size_t i = 0; i < greeting.count; i++) {
        for (int word = 0; word < greeting.lines[i].count; word++) {
            strcat(strcat(all, greeting.lines[i].words[word]), " ");
        }
        strcat(all, "| ");
    }
    return all;
}

static const char *hear(int type, const char *text) {
    char copy[64];
    strcpy(copy, text);
    const redisReply reply = {.type = type, .str = copy, .len = strlen(copy)};
    return greeting_hear(&greeting, &reply);
}

static const char *hear_role(const char *role) {
    char copy[64];
    strcpy(copy, role);
    redisReply first = {.type = REDIS_REPLY_STRING, .str = copy, .len = strlen(copy)};
    redisReply *elements[] = {&first};
    const redisReply reply = {.type = REDIS_REPLY_ARRAY, .elements = 1, .element = elements};
    return greeting_hear(&greeting, &reply);
}

static void it_says_what_the_url_asks_for(void **state) {
    static const struct {
        const char *url;
        bool only_a_master;
        const char *said;
    } rows[] = {
        {"unix:redis.sock", false, "PING | "},
        {"redis://:secret@h", false, "AUTH secret | PING | "},
        {"redis://me:secret@h/7", false, "AUTH me secret | SELECT 7 | PING | "},
        {"redis://:secret@h/7", true, "AUTH secret | SELECT 7 | ROLE | PING | "},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        begin(rows[i].url, rows[i].only_a_master);
        assert_string_equal(said(), rows[i].said);
    }
}

static void it_is_over_when_all_is_answered(void **state) {
    (void)state;
    begin("redis://:secret@h/7", false);
    assert_null(hear(REDIS_REPLY_STATUS, "OK"));
    assert_null(hear(REDIS_REPLY_STATUS, "OK"));
    assert_false(greeting_is_over(&greeting));
    assert_null(hear(REDIS_REPLY_STATUS, "PONG"));
    assert_true(greeting_is_over(&greeting));
}

static void who_is_not_ready_may_take_the_password_for_now(void **state) {
    (void)state;
    begin("redis://:secret@h", false);
    assert_null(hear(REDIS_REPLY_ERROR, "LOADING"));
    assert_string_equal(hear(REDIS_REPLY_ERROR, "LOADING"), "not ready");
}

static void a_full_disk_is_no_reason_to_go(void **state) {
    (void)state;
    begin("unix:redis.sock", false);
    assert_null(hear(REDIS_REPLY_ERROR, "MISCONF"));
}

static void a_wrong_password_is(void **state) {
    (void)state;
    begin("redis://:secret@h", false);
    assert_string_equal(hear(REDIS_REPLY_ERROR, "WRONGPASS"), "refused");
    begin("unix:redis.sock", false);
    assert_string_equal(hear(REDIS_REPLY_ERROR, "NOAUTH"), "refused");
}

static void only_a_master_is_one(void **state) {
    (void)state;
    begin("unix:redis.sock", true);
    assert_null(hear_role("master"));
    begin("unix:redis.sock", true);
    assert_string_equal(hear_role("slave"), "not the master");
    begin("unix:redis.sock", true);
    assert_string_equal(hear(REDIS_REPLY_ERROR, "ERR"), "not the master");
}

int main(void) {
#define TEST(name) cmocka_unit_test_teardown(name, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(it_says_what_the_url_asks_for),
        TEST(it_is_over_when_all_is_answered),
        TEST(who_is_not_ready_may_take_the_password_for_now),
        TEST(a_full_disk_is_no_reason_to_go),
        TEST(a_wrong_password_is),
        TEST(only_a_master_is_one),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
