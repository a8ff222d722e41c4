/* password: what a new one must be. */
#include "suite.h"

#include "common_passwords.h"
#include "password.h"

static const struct {
    const char *password;
    enum sc_text_fault fault;
} cases[] = {
    {"", SC_TEXT_SHORT},
    {"1234567", SC_TEXT_SHORT},
    {"kq8-fizz", SC_TEXT_FINE},
    {"        ", SC_TEXT_FINE},
    {"密码密码密码密码", SC_TEXT_FINE},
    {"密码密码密码密", SC_TEXT_SHORT},
    {"🐦🐦🐦🐦🐦🐦🐦🐦", SC_TEXT_FINE},
    {"12345678", SC_TEXT_COMMON},
    {"password1", SC_TEXT_COMMON},
    {"PassWord1", SC_TEXT_COMMON},
    {"ｐassword1", SC_TEXT_COMMON},
    {"qwertyuiop", SC_TEXT_COMMON},
    {"iloveyou", SC_TEXT_COMMON},
    {"password1 ", SC_TEXT_FINE},
};

static void length_and_the_list_decide(void **state) {
    (void)state;
    struct sc_settings settings;
    sc_settings_init(&settings);
    for (size_t i = 0; i < ROWS(cases); i++) {
        const char *password = cases[i].password;
        assert_case(password_check(&settings, password, strlen(password)) == cases[i].fault,
                    password);
    }
    sc_settings_deinit(&settings);
}

static void the_longest_is_counted_in_characters(void **state) {
    (void)state;
    struct sc_settings settings;
    sc_settings_init(&settings);
    char text[4 * 257 + 1] = "";
    for (int i = 0; i < 256; i++) {
        strcat(text, "🐦");
    }
    assert_int_equal(password_check(&settings, text, strlen(text)), SC_TEXT_FINE);
    strcat(text, "🐦");
    assert_int_equal(password_check(&settings, text, strlen(text)), SC_TEXT_LONG);
    sc_settings_deinit(&settings);
}

static const struct {
    const char *name;
    const char *password;
    bool is_name;
} names[] = {
    {"bartholomew", "bartholomew", true},   {"bartholomew", "Bartholomew1", true},
    {"bartholomew", "1bartholomew!", true}, {"bartholomew", "bartholomew2024", true},
    {"bartholomew", "bartholomewx", false}, {"bartholomew", "xbartholomew", false},
    {"bartholomew", "bartholome1", false},  {"bo", "bo123456", true},
    {"bo", "boat-on-a-lake", false},        {"小明", "小明123456", true},
};

static void ones_own_name_is_refused_with_digits_around_it_too(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(names); i++) {
        const char *password = names[i].password;
        assert_case(password_is_name(names[i].name, password, strlen(password)) == names[i].is_name,
                    password);
    }
}

static void the_list_is_sorted_long_enough_and_has_no_short_ones(void **state) {
    (void)state;
    assert_true(common_passwords_count >= 3000);
    for (size_t i = 0; i < common_passwords_count; i++) {
        assert_case(sc_utf8_length(common_passwords[i], strlen(common_passwords[i])) >= 8,
                    common_passwords[i]);
        assert_case(i == 0 || strcmp(common_passwords[i - 1], common_passwords[i]) < 0,
                    common_passwords[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(length_and_the_list_decide),
        cmocka_unit_test(the_longest_is_counted_in_characters),
        cmocka_unit_test(ones_own_name_is_refused_with_digits_around_it_too),
        cmocka_unit_test(the_list_is_sorted_long_enough_and_has_no_short_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
