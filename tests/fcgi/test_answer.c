/* answer: what Redis said, whatever its type on the wire. */
#include "suite.h"

#include "given.h"

static const struct {
    const char *wire;
    bool is_script;
    enum sc_error error;
} cases[] = {
    {"*1\r\n$2\r\nok\r\n", true, SC_OK},
    {"*1\r\n$9\r\nforbidden\r\n", true, SC_FORBIDDEN},
    {"*2\r\n$12\r\nrate_limited\r\n:5\r\n", true, SC_RATE_LIMITED},
    {"*1\r\n$7\r\nunheard\r\n", true, SC_INTERNAL},
    {"*0\r\n", true, SC_INTERNAL},
    {"$2\r\nok\r\n", true, SC_OK},
    {"+PONG\r\n", false, SC_OK},
    {"$-1\r\n", false, SC_OK},
    {"-LOADING Redis is loading the dataset in memory\r\n", false, SC_UNAVAILABLE},
    {"-OOM command not allowed when used memory > 'maxmemory'.\r\n", true, SC_UNAVAILABLE},
    {"-MISCONF Redis is configured to save RDB snapshots\r\n", true, SC_UNAVAILABLE},
    {"-READONLY You can't write against a read only replica.\r\n", true, SC_UNAVAILABLE},
    {"-BUSY Redis is busy running a script.\r\n", true, SC_UNAVAILABLE},
    {"-MASTERDOWN Link with MASTER is down\r\n", true, SC_UNAVAILABLE},
    {"-NOREPLICAS Not enough good replicas to write.\r\n", true, SC_UNAVAILABLE},
    {"-BUSYKEY Target key name already exists.\r\n", true, SC_INTERNAL},
    {"-ERR max number of clients reached\r\n", true, SC_UNAVAILABLE},
    {"-ERR unknown command\r\n", false, SC_INTERNAL},
    {"-WRONGTYPE Operation against a key\r\n", false, SC_INTERNAL},
};

static void an_answer_comes_to_one_error(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct answer answer = given_answer(cases[i].wire);
        assert_case(answer_error(&answer, cases[i].is_script) == cases[i].error, cases[i].wire);
        answer_deinit(&answer);
    }
}

static void a_row_may_be_rows_itself(void **state) {
    (void)state;
    struct answer answer = given_answer("*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n");
    const struct answer part = answer_part(&answer, 1), none = answer_part(&answer, 2);
    assert_int_equal(answer_count(&part), 2);
    assert_string_equal(answer_text(&part, 1, NULL), "b");
    assert_int_equal(answer_count(&none), 0);
    answer_deinit(&answer);
}

static void rows_are_texts_and_numbers(void **state) {
    (void)state;
    size_t bytes;
    struct answer answer = given_answer("*4\r\n$2\r\nok\r\n:42\r\n$3\r\n-17\r\n$-1\r\n");
    assert_int_equal(answer_count(&answer), 4);
    assert_string_equal(answer_text(&answer, 0, &bytes), "ok");
    assert_int_equal(bytes, 2);
    assert_int_equal(answer_number(&answer, 1), 42);
    assert_int_equal(answer_number(&answer, 2), -17);
    assert_true(answer_has(&answer, 2));
    assert_false(answer_has(&answer, 3));
    assert_false(answer_has(&answer, 4));
    assert_string_equal(answer_text(&answer, 3, &bytes), "");
    assert_int_equal(bytes, 0);
    assert_int_equal(answer_number(&answer, 4), 0);
    answer_deinit(&answer);
}

static void a_row_that_is_an_array_is_an_answer_of_its_own(void **state) {
    (void)state;
    struct answer answer = given_answer("*2\r\n$1\r\n7\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n");
    struct answer part = answer_part(&answer, 1);
    assert_int_equal(answer_count(&part), 2);
    assert_string_equal(answer_text(&part, 1, NULL), "b");
    for (size_t i = 0; i < 3; i += 2) {
        part = answer_part(&answer, i);
        assert_int_equal(answer_count(&part), 0);
    }
    answer_deinit(&answer);
}

static void an_answer_that_is_no_array_has_one_row(void **state) {
    (void)state;
    struct answer answer = given_answer("$3\r\nabc\r\n");
    assert_int_equal(answer_count(&answer), 1);
    assert_string_equal(answer_text(&answer, 0, NULL), "abc");
    assert_false(answer_has(&answer, 1));
    answer_deinit(&answer);
    answer = given_answer("$-1\r\n");
    assert_int_equal(answer_count(&answer), 0);
    answer_deinit(&answer);
    answer_deinit(&answer);
}

static void a_lost_script_is_told_apart(void **state) {
    (void)state;
    struct answer answer = given_answer("-NOSCRIPT No matching script. Please use EVAL.\r\n");
    assert_true(answer_lost_script(&answer));
    answer_deinit(&answer);
    answer = given_answer("-NOSCRIPTS\r\n");
    assert_false(answer_lost_script(&answer));
    answer_deinit(&answer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_comes_to_one_error),
        cmocka_unit_test(a_row_may_be_rows_itself),
        cmocka_unit_test(rows_are_texts_and_numbers),
        cmocka_unit_test(a_row_that_is_an_array_is_an_answer_of_its_own),
        cmocka_unit_test(an_answer_that_is_no_array_has_one_row),
        cmocka_unit_test(a_lost_script_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
