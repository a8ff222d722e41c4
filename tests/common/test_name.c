/*
 * name: names of people and rooms, and that no two of them can be taken for each other.
 */
#include "suite.h"

#include <pthread.h>

#include <stonechat/limits.h>
#include <stonechat/text.h>

static enum sc_text_fault fold_bytes(const char *name, size_t bytes, char *out) {
    return sc_name_fold(name, bytes, 2, 32, out);
}

static enum sc_text_fault fold(const char *name, char *out) {
    return fold_bytes(name, strlen(name), out);
}

static const struct {
    const char *name;
    const char *folded;
} good[] = {
    {"alice", "alice"},
    {"ALICE", "alice"},
    {"ＡＬＩＣＥ", "alice"},
    {"𝐀𝓵𝒾𝕔𝖊", "alice"},
    {"Émile", "émile"},
    {"E\u0301mile", "émile"},
    {"Jörg", "jörg"},
    {"Groß", "gross"},
    {"Łukasz", "łukasz"},
    {"Ñandú", "ñandú"},
    {"Đặng", "đặng"},
    {"Çağrı", "çağrı"},
    {"Þórður", "þórður"},
    {"Ọlá", "ọlá"},
    {"Ɓala", "ɓala"},
    {"Kɔfi", "kɔfi"},
    {"Ɛsi", "ɛsi"},
    {"user_1", "user_1"},
    {"jean-luc", "jean-luc"},
    {"a.b.c", "a.b.c"},
    {"42", "42"},
    {"张伟", "张伟"},
    {"张伟88", "张伟88"},
    {"张伟_Wei", "张伟_wei"},
    {"アリス", "アリス"},
    {"ｱﾘｽ", "アリス"},
    {"スーパー", "スーパー"},
    {"さくら", "さくら"},
    {"山田タロウ", "山田タロウ"},
    {"김민준", "김민준"},
    {"Анна", "анна"},
    {"Ёлка", "ёлка"},
    {"Ґанна", "ґанна"},
    {"Ελένη", "ελένη"},
    {"محمد", "محمد"},
    {"۱۲۳علی", "۱۲۳علی"},
    {"דוד", "דוד"},
    {"राज", "राज"},
    {"हिन्दी", "हिन्दी"},
    {"สมชาย", "สมชาย"},
    {"ที่นี่", "ที่นี่"},
    {"தமிழ்", "தமிழ்"},
    {"q\u0316\u0317\u0318\u0319a", "q\u0316\u0317\u0318\u0319a"},
    {"Արամ", "արամ"},
    {"გიორგი", "გიორგი"},
    {"ሰላም", "ሰላም"},
    {"ⵎⴰⵙⵉⵏ", "ⵎⴰⵙⵉⵏ"},
};

static void names_of_all_scripts_have_one_form(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(good); i++) {
        char folded[SC_NAME_MAX_BYTES + 1] = "";
        assert_case(fold(good[i].name, folded) == SC_TEXT_FINE, good[i].name);
        assert_case(strcmp(folded, good[i].folded) == 0, good[i].name);
    }
}

static const struct {
    const char *name;
    enum sc_text_fault fault;
} bad[] = {
    {"", SC_TEXT_SHORT},
    {"a", SC_TEXT_SHORT},
    {"世", SC_TEXT_SHORT},
    {"caf\xE9", SC_TEXT_UTF8},
    {"a b", SC_TEXT_CHARACTERS},
    {" alice", SC_TEXT_CHARACTERS},
    {"alice ", SC_TEXT_CHARACTERS},
    {"alice\u3000", SC_TEXT_CHARACTERS},
    {"alice\n", SC_TEXT_CHARACTERS},
    {"alice\x1B", SC_TEXT_CHARACTERS},
    {"alice.", SC_TEXT_CHARACTERS},
    {".alice", SC_TEXT_CHARACTERS},
    {"_alice", SC_TEXT_CHARACTERS},
    {"alice-", SC_TEXT_CHARACTERS},
    {"al..ice", SC_TEXT_CHARACTERS},
    {"al_-ice", SC_TEXT_CHARACTERS},
    {"o'neil", SC_TEXT_CHARACTERS},
    {"a@b", SC_TEXT_CHARACTERS},
    {"a:b", SC_TEXT_CHARACTERS},
    {"a{b}", SC_TEXT_CHARACTERS},
    {"a*", SC_TEXT_CHARACTERS},
    {"a/b", SC_TEXT_CHARACTERS},
    {"<b>", SC_TEXT_CHARACTERS},
    {"alice😀", SC_TEXT_CHARACTERS},
    {"©opy", SC_TEXT_CHARACTERS},
    {"ali\u200Bce", SC_TEXT_CHARACTERS},
    {"ali\u200Dce", SC_TEXT_CHARACTERS},
    {"alice\u200C", SC_TEXT_CHARACTERS},
    {"\uFEFFalice", SC_TEXT_CHARACTERS},
    {"ali\u2060ce", SC_TEXT_CHARACTERS},
    {"ali\u00ADce", SC_TEXT_CHARACTERS},
    {"\u202Ealice", SC_TEXT_CHARACTERS},
    {"ali\u202Ece", SC_TEXT_CHARACTERS},
    {"ali\u2067ce", SC_TEXT_CHARACTERS},
    {"ali\u200Ece", SC_TEXT_CHARACTERS},
    {"ali\u034Fce", SC_TEXT_CHARACTERS},
    {"ali\uFE0Fce", SC_TEXT_CHARACTERS},
    {"alice\U000E0041", SC_TEXT_CHARACTERS},
    {"\u3164\u3164", SC_TEXT_CHARACTERS},
    {"ali\uFFA0ce", SC_TEXT_CHARACTERS},
    {"ali\uFFFDce", SC_TEXT_CHARACTERS},
    {"ali\uE000ce", SC_TEXT_CHARACTERS},
    {"\u0301alice", SC_TEXT_CHARACTERS},
    {"al_\u0301ice", SC_TEXT_CHARACTERS},
    {"ali\u0300\u0316\u0317\u0318\u0319ce", SC_TEXT_CHARACTERS},
    {"al\u2024ice", SC_TEXT_CHARACTERS}, /* folds to a full stop */
    {"al\u037Aice", SC_TEXT_CHARACTERS}, /* folds to a space and an iota */
    {"p\u0430ypal", SC_TEXT_LOOK_ALIKE},
    {"\u0410lice", SC_TEXT_LOOK_ALIKE},
    {"alic\u0435", SC_TEXT_LOOK_ALIKE},
    {"\u0391lice", SC_TEXT_LOOK_ALIKE},
    {"g\u03BFogle", SC_TEXT_LOOK_ALIKE},
    {"\u13AAlice", SC_TEXT_LOOK_ALIKE},
    {"\u0251lice", SC_TEXT_LOOK_ALIKE}, /* a Latin letter of phonetics only */
    {"\u0261reta", SC_TEXT_LOOK_ALIKE},
    {"al\u01C0ce", SC_TEXT_LOOK_ALIKE},        /* a click that looks like an l */
    {"على١۱", SC_TEXT_LOOK_ALIKE},             /* digits of two systems */
    {"e\u0301\u0301mile", SC_TEXT_LOOK_ALIKE}, /* one accent upon another: shown as one */
};

static void names_that_could_mislead_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(bad); i++) {
        char folded[SC_NAME_MAX_BYTES + 1];
        char which[128];
        enum sc_text_fault fault = fold(bad[i].name, folded);
        snprintf(which, sizeof which, "%s (%s)", bad[i].name, sc_text_fault_code(fault));
        assert_case(fault == bad[i].fault, which);
    }
}

/* What R7 asks for: of everything that reads as `alice`, at most one can be had. */
static void at_most_one_alice_registers(void **state) {
    (void)state;
    static const char *const alices[] = {
        "alice",       "ALICE",       "Alice",       "ＡＬＩＣＥ",  "ａｌｉｃｅ",  "\u0430lice",
        "\u0410LICE",  "al\u0456ce",  "ali\u0441e",  "ali\u200Bce", "\u202Ealice", "alice.",
        "ali\u00ADce", "alice\u200D", "\u2060alice", "alice\uFE0E", "a\u200Clice", "alice\u180E",
        "\uFF41lice",  "al\u2170ce",  "𝖆𝖑𝖎𝖈𝖊",       "ⓐⓛⓘⓒⓔ",       "\u0251lice",
    };
    size_t had = 0;
    for (size_t i = 0; i < ROWS(alices); i++) {
        char folded[SC_NAME_MAX_BYTES + 1] = "";
        if (fold(alices[i], folded) == SC_TEXT_FINE) {
            assert_case(strcmp(folded, "alice") == 0, alices[i]);
            had++;
        }
    }
    assert_true(had >= 5);
}

static void nul_is_no_character_of_a_name(void **state) {
    (void)state;
    char folded[SC_NAME_MAX_BYTES + 1];
    assert_int_equal(fold_bytes("alice\0", 6, folded), SC_TEXT_CHARACTERS);
    assert_int_equal(fold_bytes("al\0ice", 6, folded), SC_TEXT_CHARACTERS);
}

static void a_names_length_is_crossed_by_one(void **state) {
    (void)state;
    char name[34];
    char folded[SC_NAME_MAX_BYTES + 1];
    memset(name, 'a', sizeof name);
    assert_int_equal(sc_name_fold(name, 1, 2, 32, folded), SC_TEXT_SHORT);
    assert_int_equal(sc_name_fold(name, 2, 2, 32, folded), SC_TEXT_FINE);
    assert_int_equal(sc_name_fold(name, 32, 2, 32, folded), SC_TEXT_FINE);
    assert_int_equal(sc_name_fold(name, 33, 2, 32, folded), SC_TEXT_LONG);
}

static void a_name_that_grows_too_long_in_folding_is_refused(void **state) {
    (void)state;
    char folded[SC_NAME_MAX_BYTES + 1];
    assert_int_equal(sc_name_fold("ßßß", 6, 2, 6, folded), SC_TEXT_FINE);
    assert_string_equal(folded, "ssssss");
    assert_int_equal(sc_name_fold("ßßß", 6, 2, 5, folded), SC_TEXT_LONG);
}

static void the_longest_name_of_four_bytes_a_character_fits(void **state) {
    (void)state;
    char name[4 * 65 + 1] = "";
    char folded[SC_NAME_MAX_BYTES + 1];
    for (int i = 0; i < 65; i++) {
        strcat(name, "𠀀");
    }
    assert_int_equal(sc_name_fold(name, 4 * 64, 2, 64, folded), SC_TEXT_FINE);
    assert_int_equal(strlen(folded), SC_NAME_MAX_BYTES);
    assert_int_equal(sc_name_fold(name, 4 * 65, 2, 1000, folded), SC_TEXT_LONG);
}

static void folding_a_folded_name_changes_nothing(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(good); i++) {
        char again[SC_NAME_MAX_BYTES + 1] = "";
        assert_case(fold(good[i].folded, again) == SC_TEXT_FINE, good[i].folded);
        assert_case(strcmp(again, good[i].folded) == 0, good[i].folded);
    }
}

static void of_any_text_a_name_is_made(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t most_chars;
        const char *name;
    } cases[] = {
        {"ann", 32, "ann"},
        {"Ann Lee", 32, "Ann-Lee"},
        {"  Ann \t  Lee  ", 32, "Ann-Lee"},
        {"Ann O'Neil (Sales)", 32, "Ann-O-Neil-Sales"},
        {"ann.lee@site.example", 32, "ann.lee-site.example"},
        {"a_b-c.d", 32, "a_b-c.d"},
        {"a__b", 32, "a-b"},
        {"_ann_", 32, "ann"},
        {"李 雷", 32, "李-雷"},
        {"e\u0301va", 32, "e\u0301va"},
        {"\u0301va", 32, "va"},
        {"a \u0301b", 32, "a-b"},
        {"a\u200bb", 32, "a-b"},
        {"abc", 3, "abc"},
        {"abcd", 3, "abc"},
        {"ab cd", 3, "ab"},
        {"ab cd", 4, "ab-c"},
        {"𠀀𠀀", 1, "𠀀"},
        {"💬 🐦", 32, ""},
        {"", 32, ""},
        {"abc", 0, ""},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        char name[SC_NAME_MAX_BYTES + 1];
        sc_name_fit(cases[i].text, strlen(cases[i].text), cases[i].most_chars, name);
        if (strcmp(name, cases[i].name) != 0) {
            fail_msg("%s: %s instead of %s", cases[i].text, name, cases[i].name);
        }
    }
}

static void a_name_that_is_made_keeps_within_its_bytes(void **state) {
    (void)state;
    char text[4 * 100 + 1] = "";
    char name[SC_NAME_MAX_BYTES + 1];
    for (int i = 0; i < 100; i++) {
        strcat(text, "𠀀");
    }
    sc_name_fit(text, strlen(text), 1000, name);
    assert_int_equal(strlen(name), SC_NAME_MAX_BYTES);
}

static void *fold_all(void *unused) {
    (void)unused;
    for (size_t i = 0; i < ROWS(good); i++) {
        char folded[SC_NAME_MAX_BYTES + 1];
        if (fold(good[i].name, folded) != SC_TEXT_FINE || strcmp(folded, good[i].folded) != 0) {
            return (void *)good[i].name;
        }
    }
    return NULL;
}

static void threads_fold_at_the_same_time(void **state) {
    (void)state;
    pthread_t threads[8];
    for (size_t i = 0; i < ROWS(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, fold_all, NULL), 0);
    }
    for (size_t i = 0; i < ROWS(threads); i++) {
        void *failed = NULL;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        /* First, so that the threads race for the making of ICU's handles. */
        cmocka_unit_test(threads_fold_at_the_same_time),
        cmocka_unit_test(names_of_all_scripts_have_one_form),
        cmocka_unit_test(names_that_could_mislead_are_refused),
        cmocka_unit_test(at_most_one_alice_registers),
        cmocka_unit_test(nul_is_no_character_of_a_name),
        cmocka_unit_test(a_names_length_is_crossed_by_one),
        cmocka_unit_test(a_name_that_grows_too_long_in_folding_is_refused),
        cmocka_unit_test(the_longest_name_of_four_bytes_a_character_fits),
        cmocka_unit_test(folding_a_folded_name_changes_nothing),
        cmocka_unit_test(of_any_text_a_name_is_made),
        cmocka_unit_test(a_name_that_is_made_keeps_within_its_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
