/*
 * utf8: RFC 3629 to the letter, in one piece and in many.
 */
#include "suite.h"

#include <stonechat/text.h>

/* As the RFC defines it, character by character and without regard to speed. */
static size_t encode(uint32_t c, char *out) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t bytes = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char firsts[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = bytes - 1; i > 0; i--, c >>= 6) {
        out[i] = (char)(0x80 | (c & 0x3F));
    }
    out[0] = (char)(firsts[bytes] | c);
    return bytes;
}

static bool valid_bytewise(const char *text, size_t bytes) {
    struct sc_utf8 utf8;
    sc_utf8_init(&utf8);
    for (size_t i = 0; i < bytes; i++) {
        if (!sc_utf8_push(&utf8, text + i, 1)) {
            return false;
        }
    }
    return sc_utf8_complete(&utf8);
}

static void every_character_is_valid_but_surrogates(void **state) {
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char text[4];
        size_t bytes = encode(c, text);
        bool surrogate = c >= 0xD800 && c <= 0xDFFF;
        if (sc_utf8_valid(text, bytes) == surrogate || valid_bytewise(text, bytes) == surrogate) {
            fail_msg("U+%04X", (unsigned)c);
        }
    }
}

/* All of two and three bytes, and of four with the first three: as many valid ones as there are
 * characters, no more. */
static void nothing_else_is_valid(void **state) {
    (void)state;
    size_t found[5] = {0};
    for (uint32_t word = 0; word < 1U << 24; word++) {
        char text[4] = {(char)(word >> 16), (char)(word >> 8), (char)word, (char)0x80};
        found[1] += word < 256 && sc_utf8_valid(text + 2, 1);
        found[2] += word < 65536 && sc_utf8_valid(text + 1, 2) && (word >> 8) >= 0x80;
        found[3] += (word >> 16) >= 0xE0 && sc_utf8_valid(text, 3) && (text[1] & 0x80) != 0;
        found[4] += (word >> 16) >= 0xF0 && sc_utf8_valid(text, 4);
    }
    assert_int_equal(found[1], 0x80);
    assert_int_equal(found[2], 0x800 - 0x80);
    assert_int_equal(found[3], 0x10000 - 0x800 - 0x800);
    assert_int_equal(found[4], 0x100000 / 64);
}

static const struct {
    const char *name;
    const char *text;
    size_t bytes;
} invalid[] = {
    {"a continuation alone", "\x80", 1},
    {"a continuation after ASCII", "abcdefgh\xBF", 9},
    {"two bytes cut", "\xC3", 1},
    {"three bytes cut", "\xE4\xBD", 2},
    {"four bytes cut", "\xF0\x9F\x99", 3},
    {"cut before ASCII",
     "\xE4\xBD"
     "a",
     3},
    {"cut before a word of ASCII",
     "\xC3"
     "abcdefgh\xA9",
     10},
    {"overlong slash of two", "\xC0\xAF", 2},
    {"overlong NUL of two", "\xC0\x80", 2},
    {"overlong of two, highest", "\xC1\xBF", 2},
    {"overlong of three", "\xE0\x9F\xBF", 3},
    {"overlong of four", "\xF0\x8F\xBF\xBF", 4},
    {"lowest surrogate", "\xED\xA0\x80", 3},
    {"highest surrogate", "\xED\xBF\xBF", 3},
    {"a pair of surrogates (CESU-8)", "\xED\xA0\xBD\xED\xB8\x80", 6},
    {"above U+10FFFF", "\xF4\x90\x80\x80", 4},
    {"five bytes", "\xF8\x88\x80\x80\x80", 5},
    {"FE", "\xFE", 1},
    {"FF", "\xFF", 1},
    {"Latin-1", "caf\xE9", 4},
};

static void what_the_rfc_excludes_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(invalid); i++) {
        assert_case(!sc_utf8_valid(invalid[i].text, invalid[i].bytes), invalid[i].name);
        assert_case(!valid_bytewise(invalid[i].text, invalid[i].bytes), invalid[i].name);
    }
}

/* The fast way looks at eight bytes at once: a fault must show wherever it stands. */
static void a_fault_is_found_at_every_place(void **state) {
    (void)state;
    char text[40];
    for (size_t place = 0; place < sizeof text; place++) {
        memset(text, 'a', sizeof text);
        text[place] = (char)0x80;
        assert_false(sc_utf8_valid(text, sizeof text));
        assert_true(sc_utf8_valid(text, place));
    }
}

static const char greeting[] = "Grüße, 世界! 😀 e\xCC\x81";

static void text_split_anywhere_is_as_valid_as_whole(void **state) {
    (void)state;
    size_t bytes = sizeof greeting - 1;
    for (size_t first = 0; first <= bytes; first++) {
        for (size_t second = first; second <= bytes; second++) {
            struct sc_utf8 utf8;
            sc_utf8_init(&utf8);
            assert_true(sc_utf8_push(&utf8, greeting, first));
            assert_true(sc_utf8_push(&utf8, greeting + first, second - first));
            assert_true(sc_utf8_push(&utf8, greeting + second, bytes - second));
            assert_true(sc_utf8_complete(&utf8));
        }
    }
}

static void text_is_complete_only_between_characters(void **state) {
    (void)state;
    struct sc_utf8 utf8;
    sc_utf8_init(&utf8);
    assert_true(sc_utf8_complete(&utf8));
    for (size_t i = 0; i + 1 < sizeof greeting; i++) {
        assert_true(sc_utf8_push(&utf8, greeting + i, 1));
        assert_int_equal(sc_utf8_complete(&utf8), ((unsigned char)greeting[i + 1] & 0xC0) != 0x80);
    }
}

static void a_piece_that_can_not_become_utf8_is_refused_at_once(void **state) {
    (void)state;
    struct sc_utf8 utf8;
    sc_utf8_init(&utf8);
    assert_true(sc_utf8_push(&utf8, "\xF4", 1));
    assert_false(sc_utf8_push(&utf8, "\x90", 1));
}

static void length_counts_characters(void **state) {
    (void)state;
    assert_int_equal(sc_utf8_length("", 0), 0);
    assert_int_equal(sc_utf8_length("a\0b", 3), 3);
    assert_int_equal(sc_utf8_length("世界", 6), 2);
    assert_int_equal(sc_utf8_length("😀", 4), 1);
    assert_int_equal(sc_utf8_length("e\xCC\x81", 3), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_is_valid_but_surrogates),
        cmocka_unit_test(nothing_else_is_valid),
        cmocka_unit_test(what_the_rfc_excludes_is_refused),
        cmocka_unit_test(a_fault_is_found_at_every_place),
        cmocka_unit_test(text_split_anywhere_is_as_valid_as_whole),
        cmocka_unit_test(text_is_complete_only_between_characters),
        cmocka_unit_test(a_piece_that_can_not_become_utf8_is_refused_at_once),
        cmocka_unit_test(length_counts_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
