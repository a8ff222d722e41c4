/*
 * script: what the build has embedded. Its SHA-1 is held against Redis's own wherever a script is
 * run by it.
 */
#include "suite.h"

#include <stonechat/error.h>
#include <stonechat/script.h>

static void every_script_of_the_enum_has_its_file(void **state) {
    (void)state;
    for (int i = 0; i < SC_SCRIPT_COUNT; i++) {
        char which[32];
        snprintf(which, sizeof which, "script %d", i);
        assert_case(sc_scripts[i].name != NULL, which);
        assert_case(sc_scripts[i].text != NULL && sc_scripts[i].sha1 != NULL, which);
    }
}

static void a_script_is_embedded_whole(void **state) {
    (void)state;
    for (int i = 0; i < SC_SCRIPT_COUNT; i++) {
        const struct sc_script *script = &sc_scripts[i];
        assert_case(strlen(script->text) == script->bytes, script->name);
        assert_case(strncmp(script->text, "#!lua", 5) == 0 ||
                        strncmp(script->text, "-- Without `#!lua`: ", 20) == 0,
                    script->name);
        assert_case(script->text[script->bytes - 1] == '\n', script->name);
    }
}

static void a_scripts_head_names_it(void **state) {
    (void)state;
    for (int i = 0; i < SC_SCRIPT_COUNT; i++) {
        char head[80];
        snprintf(head, sizeof head, "\n-- %s: ", sc_scripts[i].name);
        const char *second_line = strchr(sc_scripts[i].text, '\n');
        assert_case(strncmp(second_line, head, strlen(head)) == 0, sc_scripts[i].name);
    }
}

static void a_hash_is_40_hexadecimal_digits_and_no_two_are_the_same(void **state) {
    (void)state;
    for (int i = 0; i < SC_SCRIPT_COUNT; i++) {
        const struct sc_script *script = &sc_scripts[i];
        assert_case(strlen(script->sha1) == 40, script->name);
        assert_case(strspn(script->sha1, "0123456789abcdef") == 40, script->name);
        for (int j = 0; j < i; j++) {
            assert_case(strcmp(script->sha1, sc_scripts[j].sha1) != 0, script->name);
        }
    }
}

/* Every `{'word'` that a script answers has to be a row of the table of errors. */
static void a_script_answers_only_with_words_of_the_error_table(void **state) {
    (void)state;
    for (int i = 0; i < SC_SCRIPT_COUNT; i++) {
        for (const char *at = sc_scripts[i].text; (at = strstr(at, "return {'")) != NULL;) {
            at += strlen("return {'");
            size_t bytes = strcspn(at, "'");
            char word[64];
            snprintf(word, sizeof word, "%s: %.*s", sc_scripts[i].name, (int)bytes, at);
            assert_case(sc_error_by_code(at, bytes) != SC_INTERNAL, word);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_script_of_the_enum_has_its_file),
        cmocka_unit_test(a_script_is_embedded_whole),
        cmocka_unit_test(a_scripts_head_names_it),
        cmocka_unit_test(a_hash_is_40_hexadecimal_digits_and_no_two_are_the_same),
        cmocka_unit_test(a_script_answers_only_with_words_of_the_error_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
