/*
 * text: the shapes of text and their limits.
 */
#include "suite.h"

#include <stonechat/text.h>

static enum sc_text_fault check(enum sc_text_shape shape, const char *text) {
    return sc_text_check(shape, text, strlen(text), 1, 10, 0);
}

static void every_fault_has_a_word_and_a_sentence(void **state) {
    (void)state;
    for (int i = 0; i < SC_TEXT_FAULT_COUNT; i++) {
        assert_true(sc_text_fault_code((enum sc_text_fault)i)[0] != '\0');
        assert_true(sc_text_fault_sentence((enum sc_text_fault)i)[0] != '\0');
    }
    assert_string_equal(sc_text_fault_code(SC_TEXT_LOOK_ALIKE), "look_alike");
}

static void lengths_are_crossed_by_one_character(void **state) {
    (void)state;
    assert_int_equal(sc_text_check(SC_TEXT_LINE, "世", 3, 2, 4, 0), SC_TEXT_SHORT);
    assert_int_equal(sc_text_check(SC_TEXT_LINE, "世界", 6, 2, 4, 0), SC_TEXT_FINE);
    assert_int_equal(sc_text_check(SC_TEXT_LINE, "😀😀😀😀", 16, 2, 4, 0), SC_TEXT_FINE);
    assert_int_equal(sc_text_check(SC_TEXT_LINE, "😀😀😀😀a", 17, 2, 4, 0), SC_TEXT_LONG);
}

static void lengths_are_crossed_by_one_byte(void **state) {
    (void)state;
    assert_int_equal(sc_text_check(SC_TEXT_PROSE, "世界", 6, 1, 10, 6), SC_TEXT_FINE);
    assert_int_equal(sc_text_check(SC_TEXT_PROSE, "世界!", 7, 1, 10, 6), SC_TEXT_LONG);
}

static void text_of_no_character_is_short_not_blank(void **state) {
    (void)state;
    assert_int_equal(check(SC_TEXT_LINE, ""), SC_TEXT_SHORT);
    assert_int_equal(check(SC_TEXT_PROSE, ""), SC_TEXT_SHORT);
}

static void what_is_not_utf8_is_refused_in_every_shape(void **state) {
    (void)state;
    for (int shape = SC_TEXT_LINE; shape <= SC_TEXT_SECRET; shape++) {
        assert_int_equal(check((enum sc_text_shape)shape, "caf\xE9"), SC_TEXT_UTF8);
        assert_int_equal(check((enum sc_text_shape)shape, "\xED\xA0\x80"), SC_TEXT_UTF8);
    }
}

/* One row a text: what becomes of it as a line, as prose, as a line that may be blank, and as a
 * password. */
static const struct {
    const char *text;
    enum sc_text_fault line, prose, maybe, secret;
} shapes[] = {
#define ALL(fault)     fault, fault, fault, fault
#define SECRETS(fault) fault, fault, fault, SC_TEXT_FINE
#define LINES(fault)   fault, SC_TEXT_FINE, fault, SC_TEXT_FINE
#define BLANKS(fault)  fault, fault, SC_TEXT_FINE, SC_TEXT_FINE
    {"hello", ALL(SC_TEXT_FINE)},
    {" a b ", ALL(SC_TEXT_FINE)},
    {"你好，世界", ALL(SC_TEXT_FINE)},
    {"👩‍👩‍👧", ALL(SC_TEXT_FINE)},
    {"می‌خواهم", ALL(SC_TEXT_FINE)},
    {"a\nb", LINES(SC_TEXT_CHARACTERS)},
    {"a\tb", LINES(SC_TEXT_CHARACTERS)},
    {"a\u2028b", LINES(SC_TEXT_CHARACTERS)},
    {"a\u2029b", LINES(SC_TEXT_CHARACTERS)},
    {"a\u202Eb", LINES(SC_TEXT_CHARACTERS)},
    {"a\u202Ab", LINES(SC_TEXT_CHARACTERS)},
    {"a\u2066b", LINES(SC_TEXT_CHARACTERS)},
    {"a\u2069b", LINES(SC_TEXT_CHARACTERS)},
    {"a\r\nb", LINES(SC_TEXT_CHARACTERS)},
    {"a\x1B[1m", SECRETS(SC_TEXT_CHARACTERS)},
    {"a\x7F", SECRETS(SC_TEXT_CHARACTERS)},
    {"a\xC2\x85", SECRETS(SC_TEXT_CHARACTERS)},
    {"a\xC2\x9B", SECRETS(SC_TEXT_CHARACTERS)},
    {" ", BLANKS(SC_TEXT_BLANK)},
    {"\u3000\u00A0", BLANKS(SC_TEXT_BLANK)},
    {"\u200B", BLANKS(SC_TEXT_BLANK)},
    {"\uFEFF\u2060", BLANKS(SC_TEXT_BLANK)},
    {"\u3164", BLANKS(SC_TEXT_BLANK)},
    {"\n \t", SC_TEXT_CHARACTERS, SC_TEXT_BLANK, SC_TEXT_CHARACTERS, SC_TEXT_FINE},
#undef ALL
#undef SECRETS
#undef LINES
#undef BLANKS
};

static void each_shape_lets_through_what_it_should(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(shapes); i++) {
        assert_case(check(SC_TEXT_LINE, shapes[i].text) == shapes[i].line, shapes[i].text);
        assert_case(check(SC_TEXT_PROSE, shapes[i].text) == shapes[i].prose, shapes[i].text);
        assert_case(check(SC_TEXT_MAYBE, shapes[i].text) == shapes[i].maybe, shapes[i].text);
        assert_case(check(SC_TEXT_SECRET, shapes[i].text) == shapes[i].secret, shapes[i].text);
    }
}

static void nul_is_refused_but_in_a_password(void **state) {
    (void)state;
    for (int shape = SC_TEXT_LINE; shape <= SC_TEXT_MAYBE; shape++) {
        assert_int_equal(sc_text_check((enum sc_text_shape)shape, "a\0b", 3, 1, 10, 0),
                         SC_TEXT_CHARACTERS);
    }
    assert_int_equal(sc_text_check(SC_TEXT_SECRET, "a\0b", 3, 1, 10, 0), SC_TEXT_FINE);
}

static void what_may_be_absent_may_be_empty(void **state) {
    (void)state;
    assert_int_equal(sc_text_check(SC_TEXT_ASIDE, "", 0, 0, 10, 0), SC_TEXT_FINE);
    assert_int_equal(sc_text_check(SC_TEXT_ASIDE, " \n", 2, 0, 10, 0), SC_TEXT_FINE);
    assert_int_equal(sc_text_check(SC_TEXT_ASIDE, "\a", 1, 0, 10, 0), SC_TEXT_CHARACTERS);
    assert_int_equal(sc_text_check(SC_TEXT_MAYBE, "", 0, 0, 10, 0), SC_TEXT_FINE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_has_a_word_and_a_sentence),
        cmocka_unit_test(lengths_are_crossed_by_one_character),
        cmocka_unit_test(lengths_are_crossed_by_one_byte),
        cmocka_unit_test(text_of_no_character_is_short_not_blank),
        cmocka_unit_test(what_is_not_utf8_is_refused_in_every_shape),
        cmocka_unit_test(each_shape_lets_through_what_it_should),
        cmocka_unit_test(nul_is_refused_but_in_a_password),
        cmocka_unit_test(what_may_be_absent_may_be_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
