/*
 * error: what both halves and their clients rely on in the table.
 */
#include "suite.h"

#include <stonechat/error.h>

static void every_row_has_a_word_a_status_and_a_sentence(void **state) {
    (void)state;
    for (int i = 0; i < SC_ERROR_COUNT; i++) {
        const struct sc_error_row *row = sc_error_row((enum sc_error)i);
        assert_case(strspn(row->code, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(row->code),
                    row->code);
        assert_case(row->code[0] != '\0' && row->sentence[0] != '\0', row->code);
        assert_case(sc_http_reason(row->http_status)[0] != '\0', row->code);
    }
}

static void every_close_code_may_be_sent_by_a_server(void **state) {
    (void)state;
    for (int i = 0; i < SC_ERROR_COUNT; i++) {
        const struct sc_error_row *row = sc_error_row((enum sc_error)i);
        int code = row->close_code;
        /* RFC 6455 section 7.4: 1004-1006 and 1015 must not stand in a frame. */
        bool registered = code >= 1000 && code <= 1013 && !(code >= 1004 && code <= 1006);
        assert_case(code == 0 || registered || (code >= 4000 && code <= 4999), row->code);
    }
}

static void a_word_leads_back_to_its_row(void **state) {
    (void)state;
    for (int i = 0; i < SC_ERROR_COUNT; i++) {
        const char *code = sc_error_row((enum sc_error)i)->code;
        assert_int_equal(sc_error_by_code(code, strlen(code)), i);
    }
}

static void an_unknown_word_is_an_internal_error(void **state) {
    (void)state;
    assert_int_equal(sc_error_by_code("nonsense", 8), SC_INTERNAL);
    assert_int_equal(sc_error_by_code("", 0), SC_INTERNAL);
    assert_int_equal(sc_error_by_code("not_found", 8), SC_INTERNAL);
    assert_int_equal(sc_error_by_code("okay", 4), SC_INTERNAL);
}

static void a_value_outside_the_enum_has_the_row_of_an_internal_error(void **state) {
    (void)state;
    const struct sc_error_row *internal = sc_error_row(SC_INTERNAL);
    assert_ptr_equal(sc_error_row(SC_ERROR_COUNT), internal);
    assert_ptr_equal(sc_error_row((enum sc_error) - 1), internal);
}

static void a_status_outside_the_table_has_no_reason(void **state) {
    (void)state;
    assert_string_equal(sc_http_reason(404), "Not Found");
    assert_string_equal(sc_http_reason(204), "No Content");
    assert_string_equal(sc_http_reason(418), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_a_word_a_status_and_a_sentence),
        cmocka_unit_test(every_close_code_may_be_sent_by_a_server),
        cmocka_unit_test(a_word_leads_back_to_its_row),
        cmocka_unit_test(an_unknown_word_is_an_internal_error),
        cmocka_unit_test(a_value_outside_the_enum_has_the_row_of_an_internal_error),
        cmocka_unit_test(a_status_outside_the_table_has_no_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
