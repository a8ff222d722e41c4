/*
 * needle: whether and where a text holds what is sought.
 */
#include "suite.h"

#include "needle.h"

static const struct row {
    const char *needle;
    const char *text;
    const char *ranges; /* FROM-TO, separated by spaces; "": not found */
} rows[] = {
    {"rose", "The Roses, the ROSE.", "4-8 15-19"},
    {"abc", "xＡＢＣx", "1-4"},
    {"ＡＢＣ", "xabcx", "1-4"},
    {"世", "你好世界", "2-3"},
    {"好世界", "你好世界", "1-4"},
    {"strasse", "Die Straße", "4-10"},
    {"STRAßE", "strasse", "0-7"},
    {"s", "aßb", "1-2"},
    {"όδοσ", "ΌΔΟΣ", "0-4"},
    {"привет", "ПРИВЕТ", "0-6"},
    {"é", "cafe\u0301!", "3-5"},
    {"e", "café", ""},
    {"a b", "a \n\t b", "0-6"},
    {"  b ", "ab", "1-2"},
    {"😂", "x😂😂", "1-2 2-3"},
    {"❤", "I ❤\uFE0F it", "2-4"},
    {"aa", "aaaaa", "0-2 2-4"},
    {"aaa", "aa", ""},
    {"x", "", ""},
    {"界世", "世界", ""},
    {"rosé", "rose", ""},
};

static void finds_are_shown_in_characters_of_the_text_as_it_was(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct needle needle;
        struct needle_range ranges[8];
        char shown[128] = "";
        assert_true(needle_init(&needle, rows[i].needle, strlen(rows[i].needle)));
        size_t count = needle_find(&needle, rows[i].text, strlen(rows[i].text), ranges, 8);
        for (size_t k = 0; k < count; k++) {
            sprintf(shown + strlen(shown), "%s%u-%u", k ? " " : "", ranges[k].from, ranges[k].to);
        }
        assert_string_equal(shown, rows[i].ranges);
        needle_deinit(&needle);
    }
}

static void no_more_finds_are_shown_than_there_is_room_for(void **state) {
    (void)state;
    struct needle needle;
    struct needle_range ranges[3];
    needle_init(&needle, "a", 1);
    assert_int_equal(needle_find(&needle, "aaaaaaaa", 8, ranges, 3), 3);
    assert_int_equal(ranges[2].to, 3);
    needle_deinit(&needle);
}

static void what_cannot_be_seen_cannot_be_sought(void **state) {
    (void)state;
    static const char *const nothing[] = {"", " ", "\u200B", " \u3000\n"};
    for (size_t i = 0; i < ROWS(nothing); i++) {
        struct needle needle;
        assert_false(needle_init(&needle, nothing[i], strlen(nothing[i])));
        needle_deinit(&needle);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_are_shown_in_characters_of_the_text_as_it_was),
        cmocka_unit_test(no_more_finds_are_shown_than_there_is_room_for),
        cmocka_unit_test(what_cannot_be_seen_cannot_be_sought),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
