/*
 * fold: the form in which texts are compared and searched.
 */
#include "suite.h"

#include <stonechat/text.h>

static void assert_folds(const char *text, const char *expected) {
    char folded[256];
    sc_text_fold(text, strlen(text), folded, sizeof folded);
    assert_string_equal(folded, expected);
}

static void case_width_and_composition_become_one(void **state) {
    (void)state;
    assert_folds("", "");
    assert_folds("Hello, World", "hello, world");
    assert_folds("ＨＥＬＬＯ", "hello");
    assert_folds("É", "é");
    assert_folds("E\u0301", "é");
    assert_folds("STRASSE", "strasse");
    assert_folds("Straße", "strasse");
    assert_folds("ΌΔΟΣ", "όδοσ");
    assert_folds("ｱﾘｽ", "アリス");
    assert_folds("①", "1");
    assert_folds("世界", "世界");
}

static void what_is_not_seen_is_dropped(void **state) {
    (void)state;
    assert_folds("a\u200Bb\u00ADc\uFEFF", "abc");
}

static void a_character_that_becomes_many_fits(void **state) {
    (void)state;
    char text[301] = "";
    for (int i = 0; i < 100; i++) {
        strcat(text, "\uFDFA");
    }
    char folded[8192];
    sc_text_fold(text, strlen(text), folded, sizeof folded);
    assert_int_equal(strlen(folded), 100 * 33);
    assert_memory_equal(folded, folded + 33, 33 * 99);
}

static void folding_is_cut_between_characters(void **state) {
    (void)state;
    for (size_t size = 1; size <= 12; size++) {
        /* Exactly as large as it is said to be, so that the sanitizer sees a byte too much. */
        char *folded = malloc(size);
        sc_text_fold("a世界É", strlen("a世界É"), folded, size);
        assert_true(strlen(folded) < size);
        assert_true(sc_utf8_valid(folded, strlen(folded)));
        assert_memory_equal("a世界é", folded, strlen(folded));
        assert_true(strlen(folded) + 3 >= size || strlen(folded) == strlen("a世界é"));
        free(folded);
    }
}

static void a_nul_within_is_kept_out_of_the_length(void **state) {
    (void)state;
    char folded[16];
    sc_text_fold("A\0B", 3, folded, sizeof folded);
    assert_memory_equal(folded, "a\0b", 4);
}

static void composing_keeps_case_and_width(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"", ""},
                                          {"E\u0301 ＨＥＬＬＯ", "\u00C9 ＨＥＬＬＯ"},
                                          {"\u00C9", "\u00C9"},
                                          {"诗.txt", "诗.txt"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char composed[64];
        sc_text_compose(rows[i][0], strlen(rows[i][0]), composed, sizeof composed);
        assert_string_equal(composed, rows[i][1]);
    }
}

static void composing_is_cut_between_characters(void **state) {
    (void)state;
    char composed[5];
    sc_text_compose("世界", strlen("世界"), composed, sizeof composed);
    assert_string_equal(composed, "世");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_width_and_composition_become_one),
        cmocka_unit_test(what_is_not_seen_is_dropped),
        cmocka_unit_test(a_character_that_becomes_many_fits),
        cmocka_unit_test(folding_is_cut_between_characters),
        cmocka_unit_test(composing_keeps_case_and_width),
        cmocka_unit_test(composing_is_cut_between_characters),
        cmocka_unit_test(a_nul_within_is_kept_out_of_the_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
