/* emoji: every recommended sequence has one form, whatever selectors it came with. */
#include "suite.h"

#include <stonechat/emoji.h>

static void a_sequence_has_one_form(void **state) {
    (void)state;
    static const struct {
        const char *name, *given, *full;
    } rows[] = {
        {"a face", "😀", "😀"},
        {"a heart as text", "\u2764", "\u2764\uFE0F"},
        {"a heart", "\u2764\uFE0F", "\u2764\uFE0F"},
        {"a face with a needless selector", "😀\uFE0F", "😀"},
        {"a thumb with a skin tone", "👍🏽", "👍🏽"},
        {"a finger with a skin tone", "\u261D🏽", "\u261D🏽"},
        {"a finger without", "\u261D", "\u261D\uFE0F"},
        {"a key", "1\u20E3", "1\uFE0F\u20E3"},
        {"a flag", "🇨🇳", "🇨🇳"},
        {"a flag of tags", "🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F",
         "🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F"},
        {"a family", "👩\u200D👩\u200D👧", "👩\u200D👩\u200D👧"},
        {"a heart on fire", "\u2764\u200D🔥", "\u2764\uFE0F\u200D🔥"},
        {"the longest", "👩🏿\u200D\u2764\u200D💋\u200D👩🏿",
         "👩🏿\u200D\u2764\uFE0F\u200D💋\u200D👩🏿"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char out[SC_EMOJI_MAX + 1] = "";
        assert_case(sc_emoji_normalize(rows[i].given, strlen(rows[i].given), out), rows[i].name);
        assert_string_equal(out, rows[i].full);
    }
}

static void what_is_no_emoji_is_none(void **state) {
    (void)state;
    static const char *const rows[] = {
        "",
        "a",
        "1",
        "1\uFE0F",
        "#",
        "你",
        "\uFE0F",
        "😀😀",
        " 😀",
        "😀 ",
        "\u2764\uFE0E",
        "🇨",
        "🏽a",
        "👩\u200D",
        "\u200D",
        "\xF0\x9F\x98",
        "\xFF",
        "<b>",
        "😀\u0301",
        "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char out[SC_EMOJI_MAX + 1];
        assert_case(!sc_emoji_normalize(rows[i], strlen(rows[i]), out), rows[i]);
    }
    char out[SC_EMOJI_MAX + 1];
    assert_false(sc_emoji_normalize("😀\0", 5, out));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sequence_has_one_form),
        cmocka_unit_test(what_is_no_emoji_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
