/*
 * token: ids, keys, session tokens and tickets.
 */
#include "suite.h"

#include <stonechat/token.h>

#define ID_32 "abcdefghijklmnopqrstuvwxyz012345"
/* 43 characters whose last one leaves no loose bits. */
#define SECRET "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO_8"

static bool reads(const char *text) {
    struct sc_token token;
    return sc_token_read(text, strlen(text), &token);
}

static void a_fresh_id_is_valid_and_like_no_other(void **state) {
    (void)state;
    enum { IDS = 2000 };
    static char ids[IDS][SC_ID_MAX + 1];
    for (int i = 0; i < IDS; i++) {
        sc_id_new(ids[i]);
        assert_true(sc_id_valid(ids[i], strlen(ids[i])));
        assert_int_equal(strlen(ids[i]), 16);
    }
    qsort(ids, IDS, sizeof ids[0], (int (*)(const void *, const void *))strcmp);
    for (int i = 1; i < IDS; i++) {
        assert_string_not_equal(ids[i - 1], ids[i]);
    }
}

static void an_ids_letters_are_all_as_likely(void **state) {
    (void)state;
    enum { IDS = 20000, LETTERS = 36 };
    int seen[256] = {0};
    for (int i = 0; i < IDS; i++) {
        char id[SC_ID_MAX + 1];
        sc_id_new(id);
        for (const char *c = id; *c != '\0'; c++) {
            seen[(unsigned char)*c]++;
        }
    }
    double expected = (double)(IDS * 16) / (double)LETTERS;
    double chi_square = 0;
    for (int c = 0; c < 256; c++) {
        chi_square += seen[c] > 0 ? (seen[c] - expected) * (seen[c] - expected) / expected : 0;
    }
    /* 35 degrees of freedom: 100 is passed once in ten million runs. */
    assert_true(chi_square < 100);
}

static void an_id_has_1_to_32_of_its_characters(void **state) {
    (void)state;
    assert_false(sc_id_valid("", 0));
    assert_true(sc_id_valid("a", 1));
    assert_true(sc_id_valid(ID_32, 32));
    assert_false(sc_id_valid(ID_32 "6", 33));
    static const char *const wrong[] = {"A", "a-b", "a_b", "a b", "a.b", "é", "a\n", "{a}", "`"};
    for (size_t i = 0; i < ROWS(wrong); i++) {
        assert_case(!sc_id_valid(wrong[i], strlen(wrong[i])), wrong[i]);
    }
    assert_false(sc_id_valid("a\0b", 3));
}

static void a_key_has_8_to_64_of_its_characters(void **state) {
    (void)state;
    char key[SC_KEY_MAX + 2];
    memset(key, 'k', sizeof key);
    assert_false(sc_key_valid(key, SC_KEY_MIN - 1));
    assert_true(sc_key_valid(key, SC_KEY_MIN));
    assert_true(sc_key_valid(key, SC_KEY_MAX));
    assert_false(sc_key_valid(key, SC_KEY_MAX + 1));
    assert_true(sc_key_valid("AZaz09_-", 8));
    static const char *const wrong[] = {"1234567.", "1234567 ", "1234567:", "123456é", "1234567/"};
    for (size_t i = 0; i < ROWS(wrong); i++) {
        assert_case(!sc_key_valid(wrong[i], strlen(wrong[i])), wrong[i]);
    }
    assert_false(sc_key_valid("1234567\0", 8));
}

static void a_token_made_is_read_back(void **state) {
    (void)state;
    struct sc_token made = {.user = ID_32, .session = ID_32};
    struct sc_token read;
    char text[SC_TOKEN_MAX + 1];
    sc_token_new(&made, text);
    assert_int_equal(strlen(text), 32 + 1 + 32 + 1 + SC_SECRET_CHARS);
    assert_true(sc_token_read(text, strlen(text), &read));
    assert_string_equal(read.user, ID_32);
    assert_string_equal(read.session, ID_32);
    assert_string_equal(read.hash, made.hash);
    assert_int_equal(strlen(read.hash), SC_HASH_CHARS);
}

static void two_tokens_of_a_session_share_neither_secret_nor_hash(void **state) {
    (void)state;
    struct sc_token first = {.user = "u", .session = "s"};
    struct sc_token second = first;
    char first_text[SC_TOKEN_MAX + 1];
    char second_text[SC_TOKEN_MAX + 1];
    sc_token_new(&first, first_text);
    sc_token_new(&second, second_text);
    assert_string_not_equal(first_text, second_text);
    assert_string_not_equal(first.hash, second.hash);
}

static void a_hash_is_blake2b_of_the_secrets_characters(void **state) {
    (void)state;
    struct sc_token token;
    const char *text = "u.s." SECRET;
    assert_true(sc_token_read(text, strlen(text), &token));
    /* b2sum -l 256 */
    assert_string_equal(token.hash,
                        "3882f92f7213b09c997979bbf953bf62c2d4fe0b39ff10739ffe464d411d5b96");
}

static void what_has_not_the_form_of_a_token_is_refused(void **state) {
    (void)state;
    assert_true(reads("u.s." SECRET));
    assert_true(reads(ID_32 "." ID_32 "." SECRET));
    static const char *const wrong[] = {
        "",
        ".",
        "..",
        "u.s",
        "u.s.",
        SECRET,
        "u." SECRET,
        ".s." SECRET,
        "u.." SECRET,
        "U.s." SECRET,
        "u.S." SECRET,
        ID_32 "6.s." SECRET,
        "u." ID_32 "6." SECRET,
        "u.s.t." SECRET,
        " u.s." SECRET,
        "u.s." SECRET "A",
        "u.s." SECRET ".",
        "u.s." SECRET "=",
        "u.s." SECRET "\n",
    };
    for (size_t i = 0; i < ROWS(wrong); i++) {
        assert_case(!reads(wrong[i]), wrong[i]);
    }
}

static void a_secret_is_exactly_one_text(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO_9", /* bits beyond the 256 */
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO/8", /* the other alphabet */
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO+8",
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO_",   /* one too few */
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO_88", /* one too many */
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN 88",
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO8=",
    };
    char hash[SC_HASH_CHARS + 1];
    assert_true(sc_ticket_read(SECRET, strlen(SECRET), hash));
    for (size_t i = 0; i < ROWS(wrong); i++) {
        assert_case(!sc_ticket_read(wrong[i], strlen(wrong[i]), hash), wrong[i]);
    }
    assert_false(sc_ticket_read("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN\0_8", 43, hash));
    assert_false(sc_ticket_read("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN\xff_8", 43, hash));
}

static void a_ticket_is_stored_under_the_hash_that_it_is_read_as(void **state) {
    (void)state;
    char text[SC_TOKEN_MAX + 1];
    char made[SC_HASH_CHARS + 1];
    char read[SC_HASH_CHARS + 1];
    sc_ticket_new(text, made);
    assert_int_equal(strlen(text), SC_SECRET_CHARS);
    assert_true(sc_ticket_read(text, strlen(text), read));
    assert_string_equal(made, read);
    assert_null(strstr(made, text));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_id_is_valid_and_like_no_other),
        cmocka_unit_test(an_ids_letters_are_all_as_likely),
        cmocka_unit_test(an_id_has_1_to_32_of_its_characters),
        cmocka_unit_test(a_key_has_8_to_64_of_its_characters),
        cmocka_unit_test(a_token_made_is_read_back),
        cmocka_unit_test(two_tokens_of_a_session_share_neither_secret_nor_hash),
        cmocka_unit_test(a_hash_is_blake2b_of_the_secrets_characters),
        cmocka_unit_test(what_has_not_the_form_of_a_token_is_refused),
        cmocka_unit_test(a_secret_is_exactly_one_text),
        cmocka_unit_test(a_ticket_is_stored_under_the_hash_that_it_is_read_as),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
