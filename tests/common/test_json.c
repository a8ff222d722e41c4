/*
 * json: what comes from outside, and no more of it than is modest.
 */
#include "suite.h"

#include <jansson.h>

#include <stonechat/json.h>
#include <stonechat/limits.h>

static bool loads(const char *text, size_t bytes, size_t members_max) {
    char *exact = malloc(bytes + 1);
    memcpy(exact, text, bytes);
    json_t *json = sc_json_load_object(exact, bytes, members_max);
    free(exact);
    json_decref(json);
    return json != NULL;
}

static void only_an_object_is_taken(void **state) {
    (void)state;
    static const char *const fine[] = {"{}", " { } \n",
                                       "{\"a\":[1,2.5,null,true,\"\xE4\xB8\x96\"]}",
                                       "{\"a\":{\"b\":1},\"b\":{\"b\":1}}"};
    static const char *const bad[] = {
        "",       " ",           "[]",         "1",          "null",           "\"{}\"",
        "{",      "{}}",         "{}{}",       "{}x",        "{\"a\"}",        "{\"a\":}",
        "{a:1}",  "{'a':1}",     "{\"a\":1,}", "{,}",        "{\"a\":01}",     "{\"a\":\"\n\"}",
        "{//\n}", "{\"a\":NaN}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":\"\\x\"}"};
    for (size_t i = 0; i < ROWS(fine); i++) {
        assert_case(loads(fine[i], strlen(fine[i]), 9), fine[i]);
    }
    for (size_t i = 0; i < ROWS(bad); i++) {
        assert_case(!loads(bad[i], strlen(bad[i]), 9), bad[i]);
    }
}

static void no_member_comes_twice(void **state) {
    (void)state;
    assert_false(loads("{\"a\":1,\"a\":1}", 13, 9));
    assert_false(loads("{\"x\":{\"a\":1,\"\\u0061\":1}}", 24, 9));
}

static void nul_and_bad_utf8_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"{\"a\":\"\\u0000\"}", "{\"a\":\"\xC0\x80\"}",
                                      "{\"a\":\"\\ud800\"}", "{\"a\":\"\xED\xA0\x80\"}",
                                      "{\"\\u0000\":1}",     "\xEF\xBB\xBF{}"};
    for (size_t i = 0; i < ROWS(bad); i++) {
        assert_case(!loads(bad[i], strlen(bad[i]), 9), bad[i]);
    }
    assert_false(loads("{}\0", 3, 9));
    assert_false(loads("{\"a\":\"\0\"}", 9, 9));
    assert_false(loads("{\"a\":1\0}", 8, 9));
    assert_false(loads("{\"a\":[1.5e3\0,2]}", 15, 9));
}

/* `levels` objects or arrays, one in another, in an object. */
static bool nested(int levels, char open, char close) {
    char text[256] = "{\"a\":";
    size_t at = strlen(text);
    memset(text + at, open, (size_t)levels - 1);
    memset(text + at + levels - 1, close, (size_t)levels - 1);
    at += 2 * (size_t)(levels - 1);
    text[at++] = '}';
    return loads(text, at, 9);
}

static void depth_is_crossed_by_one(void **state) {
    (void)state;
    assert_true(nested(SC_JSON_DEPTH, '[', ']'));
    assert_false(nested(SC_JSON_DEPTH + 1, '[', ']'));
    assert_false(nested(100, '[', ']'));
}

/* An object of `members` members, inside another where `inside`. */
static bool object_of(int members, bool inside) {
    char text[1024];
    int at = sprintf(text, inside ? "{\"a\":[{" : "{");
    for (int i = 0; i < members; i++) {
        at += sprintf(text + at, "%s\"%d\":0", i > 0 ? "," : "", i);
    }
    at += sprintf(text + at, inside ? "}]}" : "}");
    return loads(text, (size_t)at, SC_JSON_MEMBERS);
}

static void members_are_crossed_by_one_at_every_level(void **state) {
    (void)state;
    assert_true(object_of(SC_JSON_MEMBERS, false));
    assert_false(object_of(SC_JSON_MEMBERS + 1, false));
    assert_true(object_of(SC_JSON_MEMBERS, true));
    assert_false(object_of(SC_JSON_MEMBERS + 1, true));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_an_object_is_taken),
        cmocka_unit_test(no_member_comes_twice),
        cmocka_unit_test(nul_and_bad_utf8_are_refused),
        cmocka_unit_test(depth_is_crossed_by_one),
        cmocka_unit_test(members_are_crossed_by_one_at_every_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
