/*
 * resp: a command's bytes, and which errors pass.
 */
#include "suite.h"

#include <string.h>

#include "resp.h"

static const char *written(int count, const char **arguments, const size_t *bytes) {
    static char out[256];
    size_t most = resp_command_most(count, arguments, bytes);
    assert_true(most < sizeof out);
    size_t length = resp_command(out, count, arguments, bytes);
    assert_true(length <= most);
    out[length] = '\0';
    return out;
}

static void a_command_is_an_array_of_what_it_consists_of(void **state) {
    (void)state;
    const char *words[] = {"SET", "k", "", "0123456789"};
    assert_string_equal(written(4, words, NULL),
                        "*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\n$10\r\n0123456789\r\n");
}

static void bytes_are_written_as_they_are(void **state) {
    (void)state;
    const char *words[] = {"A\0\r\n"};
    const size_t bytes[] = {4};
    assert_memory_equal(written(1, words, bytes), "*1\r\n$4\r\nA\0\r\n\r\n", 14);
}

static redisReply error_of(char *text) {
    return (redisReply){.type = REDIS_REPLY_ERROR, .str = text, .len = strlen(text)};
}

static void only_some_errors_pass(void **state) {
    static const struct {
        char text[40];
        bool passes;
    } rows[] = {{"LOADING Redis is loading", true},
                {"MISCONF", true},
                {"OOM command", true},
                {"NOREPLICAS Not enough", true},
                {"ERR unknown", false},
                {"LOAD", false},
                {"", false}};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        char text[40];
        strcpy(text, rows[i].text);
        redisReply reply = error_of(text);
        assert_case(resp_is_passing(&reply) == rows[i].passes, rows[i].text);
    }
}

static void what_only_looks_like_an_error_is_none(void **state) {
    char text[] = "LOADING";
    (void)state;
    redisReply reply = error_of(text);
    reply.type = REDIS_REPLY_STRING;
    assert_false(resp_is_error(&reply, "LOADING"));
    assert_false(resp_is_passing(&reply));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_is_an_array_of_what_it_consists_of),
        cmocka_unit_test(bytes_are_written_as_they_are),
        cmocka_unit_test(only_some_errors_pass),
        cmocka_unit_test(what_only_looks_like_an_error_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
