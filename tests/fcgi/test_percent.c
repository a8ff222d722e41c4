/* percent: decoded once, in place, or refused. */
#include "suite.h"

#include <stdlib.h>

#include "percent.h"

static const struct {
    const char *text;
    enum percent_place place;
    const char *decoded; /* NULL: refused */
    size_t bytes;
} cases[] = {
    {"", PERCENT_PATH, "", 0},
    {"plain", PERCENT_PATH, "plain", 5},
    {"%41%6a%6A", PERCENT_PATH, "Ajj", 3},
    {"a%2Fb", PERCENT_PATH, "a/b", 3},
    {"%252F", PERCENT_PATH, "%2F", 3},
    {"%00x", PERCENT_PATH, "\0x", 2},
    {"%E4%BD%A0", PERCENT_PATH, "你", 3},
    {"a+b", PERCENT_PATH, "a+b", 3},
    {"a+b", PERCENT_QUERY, "a b", 3},
    {"a%2Bb", PERCENT_QUERY, "a+b", 3},
    {"%", PERCENT_PATH, NULL, 0},
    {"%4", PERCENT_PATH, NULL, 0},
    {"%4g", PERCENT_PATH, NULL, 0},
    {"%g4", PERCENT_PATH, NULL, 0},
    {"%-1", PERCENT_PATH, NULL, 0},
};

static void each_text_is_decoded_exactly_once(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(cases); i++) {
        char text[32];
        size_t bytes = strlen(cases[i].text);
        memcpy(text, cases[i].text, bytes + 1);
        bool good = percent_decode(text, &bytes, cases[i].place);
        assert_case(good == (cases[i].decoded != NULL), cases[i].text);
        if (good && cases[i].decoded) {
            assert_case(bytes == cases[i].bytes, cases[i].text);
            assert_case(memcmp(text, cases[i].decoded, bytes + 1) == 0, cases[i].text);
        }
    }
}

static void what_lies_behind_the_end_is_not_looked_at(void **state) {
    (void)state;
    char text[] = "%41";
    size_t bytes = 2;
    assert_false(percent_decode(text, &bytes, PERCENT_PATH));
}

static void what_was_encoded_is_plain_and_decodes_to_the_same(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"", ""},
                                          {"a-Z_0.9~", "a-Z_0.9~"},
                                          {"a b+c/d%e", "a%20b%2Bc%2Fd%25e"},
                                          {"\r\n\"'", "%0D%0A%22%27"},
                                          {"你", "%E4%BD%A0"}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        char *encoded = percent_encode(rows[i][0]);
        assert_string_equal(encoded, rows[i][1]);
        size_t bytes = strlen(encoded);
        assert_true(percent_decode(encoded, &bytes, PERCENT_PATH));
        assert_string_equal(encoded, rows[i][0]);
        free(encoded);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_is_decoded_exactly_once),
        cmocka_unit_test(what_was_encoded_is_plain_and_decodes_to_the_same),
        cmocka_unit_test(what_lies_behind_the_end_is_not_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
