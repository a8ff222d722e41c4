/*
 * naming: which names are tried, one after the other.
 */
#include "suite.h"

#include <stonechat/text.h>

#include "naming.h"

static struct sc_settings settings;

static int set_up(void **state) {
    (void)state;
    sc_settings_init(&settings);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sc_settings_deinit(&settings);
    return 0;
}

/* The name of an attempt, "" where it can't be had. */
static const char *name_of(const char *text, int attempt) {
    static struct naming naming;
    return naming_make(&settings, text, attempt, &naming) ? naming.name : "";
}

static bool is_plain(const char *name) {
    return strlen(name) == 13 && strncmp(name, "user-", 5) == 0;
}

static void first_the_name_itself_then_with_a_number(void **state) {
    (void)state;
    assert_string_equal(name_of("Ann Lee", 0), "Ann-Lee");
    assert_string_equal(name_of("Ann Lee", 1), "Ann-Lee-2");
    assert_string_equal(name_of("Ann Lee", 8), "Ann-Lee-9");
    for (int attempt = 9; attempt < 14; attempt++) {
        assert_int_equal(strlen(name_of("Ann Lee", attempt)), strlen("Ann-Lee-4711"));
        assert_true(atoi(name_of("Ann Lee", attempt) + 8) >= 1000);
    }
    assert_true(is_plain(name_of("Ann Lee", 14)));
    assert_true(is_plain(name_of("Ann Lee", NAMING_ATTEMPTS - 1)));
}

static void the_number_has_its_room(void **state) {
    (void)state;
    static const char text[] = "abcdefghijklmnopqrstuvwxyzabcdefghij";
    assert_string_equal(name_of(text, 0), "abcdefghijklmnopqrstuvwxyzabcdef");
    assert_string_equal(name_of(text, 1), "abcdefghijklmnopqrstuvwxyzabcd-2");
    assert_int_equal(strlen(name_of(text, 9)), 32);
}

static void what_makes_no_name_is_called_user(void **state) {
    (void)state;
    static const char *const texts[] = {"", "💬", "p\u0430ypal", "admin", "Admin", "ADMIN ", "a"};
    for (size_t i = 0; i < ROWS(texts); i++) {
        assert_string_equal(name_of(texts[i], 0), "");
        assert_true(is_plain(name_of(texts[i], NAMING_ATTEMPTS - 1)));
    }
    assert_string_equal(name_of("admin", 1), "");
    assert_string_equal(name_of("admin", 9), "");
}

static void names_that_must_be_short_are(void **state) {
    (void)state;
    settings.limits_name_chars = 4;
    assert_string_equal(name_of("Annabel", 0), "Anna");
    assert_string_equal(name_of("Annabel", 1), "An-2");
    assert_string_equal(name_of("Annabel", 9), "");
    assert_int_equal(strlen(name_of("Annabel", 14)), 4);
}

static void each_name_comes_with_its_normal_form(void **state) {
    (void)state;
    struct naming naming;
    assert_true(naming_make(&settings, "Straße Nord", 1, &naming));
    assert_string_equal(naming.name, "Straße-Nord-2");
    assert_string_equal(naming.folded, "strasse-nord-2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(first_the_name_itself_then_with_a_number, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_number_has_its_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_makes_no_name_is_called_user, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_that_must_be_short_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_name_comes_with_its_normal_form, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
