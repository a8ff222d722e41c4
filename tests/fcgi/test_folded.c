/*
 * folded: the form in which texts are searched, and where each character of it came from.
 */
#include "suite.h"

#include <unicode/utf8.h>

#include <stonechat/text.h>

#include "folded.h"

/* A row's `origins` are `FROM-TO` of each character, separated by spaces. */
static const struct row {
    const char *text;
    const char *folded;
    const char *origins;
} rows[] = {
    {"", "", ""},
    {"aB", "ab", "0-1 1-2"},
    {"ＡＢＣ", "abc", "0-1 1-2 2-3"},
    {"世界", "世界", "0-1 1-2"},
    {"ΌΣς", "όσσ", "0-1 1-2 2-3"},
    {"ЖБ", "жб", "0-1 1-2"},
    {"aßb", "assb", "0-1 1-2 1-2 2-3"},
    {"E\u0301x", "éx", "0-2 2-3"},
    {"Éx", "éx", "0-1 1-2"},
    {"ｶﾞ", "ガ", "0-2"},
    {"ﬁn", "fin", "0-1 0-1 1-2"},
    {"❤\uFE0F!", "❤!", "0-2 2-3"},
    {"a\u200Bb", "ab", "0-2 2-3"},
    {"a \t\r\n\u3000b", "a b", "0-1 1-6 6-7"},
    {"a \u200B b", "a b", "0-1 1-4 4-5"},
    {"\u1100\u1161\u11A8", "각", "0-3"},
    {"각", "각", "0-1"},
    {"😂x", "😂x", "0-1 1-2"},
};

static void text_of(const struct folded *folded, char *out, char *origins) {
    size_t bytes = 0;
    origins[0] = '\0';
    for (size_t i = 0; i < folded->count; i++) {
        const struct folded_character *one = &folded->characters[i];
        U8_APPEND_UNSAFE(out, bytes, (UChar32)one->character);
        origins += sprintf(origins, "%s%u-%u", i ? " " : "", one->from, one->to);
    }
    out[bytes] = '\0';
}

static void each_character_knows_where_it_came_from(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        char text[64], origins[128];
        struct folded folded;
        folded_init(&folded, rows[i].text, strlen(rows[i].text));
        text_of(&folded, text, origins);
        assert_string_equal(text, rows[i].folded);
        assert_string_equal(origins, rows[i].origins);
        folded_deinit(&folded);
    }
}

static void one_character_may_become_eighteen(void **state) {
    (void)state;
    struct folded folded;
    folded_init(&folded, "\uFDFA\uFDFA", 6);
    assert_int_equal(folded.count, 36);
    assert_int_equal(folded.characters[17].to, 1);
    assert_int_equal(folded.characters[18].from, 1);
    folded_deinit(&folded);
}

/* What can't be cut is given to ICU as a whole, however long it is. */
static void a_letter_under_a_thousand_marks_is_one_piece(void **state) {
    (void)state;
    char text[2002] = "a";
    for (int i = 0; i < 1000; i++) {
        strcat(text, "\u0316");
    }
    struct folded folded;
    folded_init(&folded, text, strlen(text));
    assert_int_equal(folded.count, 1001);
    assert_int_equal(folded.characters[1000].to, 1001);
    folded_deinit(&folded);
}

static void trimming_takes_the_space_at_either_end(void **state) {
    (void)state;
    static const struct {
        const char *text, *trimmed;
    } cases[] = {{"  a b\n", "a b"}, {"a", "a"}, {" ", ""}, {"", ""}, {" a", "a"}};
    for (size_t i = 0; i < ROWS(cases); i++) {
        char text[64], origins[64];
        struct folded folded;
        folded_init(&folded, cases[i].text, strlen(cases[i].text));
        folded_trim(&folded);
        text_of(&folded, text, origins);
        assert_string_equal(text, cases[i].trimmed);
        folded_deinit(&folded);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_character_knows_where_it_came_from),
        cmocka_unit_test(one_character_may_become_eighteen),
        cmocka_unit_test(a_letter_under_a_thousand_marks_is_one_piece),
        cmocka_unit_test(trimming_takes_the_space_at_either_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
