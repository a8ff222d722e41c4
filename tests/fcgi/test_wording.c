/*
 * wording: the text of a message as it stands.
 */
#include "suite.h"

#include "given.h"

#include "wording.h"

static const struct row {
    const char *name, *entry, *fold, *text; /* NULL: there is none */
} rows[] = {
    {"as it was sent", "{\"type\":\"message\",\"seq\":1,\"text\":\"hello\",\"key\":\"k\"}", "",
     "hello"},
    {"with escapes", "{\"seq\":1,\"text\":\"say \\\"hi\\\"\\n\\u4e16\\\\\",\"key\":\"k\"}", "",
     "say \"hi\"\n世\\"},
    {"at the end", "{\"seq\":1,\"text\":\"hello\"}", "", "hello"},
    {"empty", "{\"seq\":1,\"text\":\"\"}", "", ""},
    {"edited", "{\"seq\":1,\"text\":\"hello\"}", "{\"text\":\"other\",\"edited_at\":1}", "other"},
    {"changed in other ways", "{\"seq\":1,\"text\":\"hello\"}", "{\"pinned\":true}", "hello"},
    {"deleted", "{\"seq\":1,\"from\":{\"id\":\"u\"},\"deleted\":true}", "{\"entry\":\"{}\"}", NULL},
    {"by somebody who is called so", "{\"display\":\",\\\"text\\\":\\\"x\",\"text\":\"hello\"}", "",
     "hello"},
    {"that does not end", "{\"seq\":1,\"text\":\"hello", "", NULL},
    {"that ends in an escape", "{\"seq\":1,\"text\":\"hello\\", "", NULL},
    {"with a bad escape", "{\"seq\":1,\"text\":\"he\\xllo\"}", "", NULL},
    {"with a bad fold", "{\"seq\":1,\"text\":\"hello\"}", "{\"text\":", "hello"},
};

static void the_text_is_found_as_it_stands(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        char wire[512];
        snprintf(wire, sizeof wire, "*3\r\n$2\r\nok\r\n$%zu\r\n%s\r\n$%zu\r\n%s\r\n",
                 strlen(rows[i].entry), rows[i].entry, strlen(rows[i].fold), rows[i].fold);
        struct answer answer = given_answer(wire);
        struct wording wording;
        bool has = wording_init(&wording, &answer, 1);
        assert_case(has == (rows[i].text != NULL), rows[i].name);
        if (has && rows[i].text) {
            assert_int_equal(wording.bytes, strlen(rows[i].text));
            assert_memory_equal(wording.text, rows[i].text, wording.bytes);
        }
        wording_deinit(&wording);
        answer_deinit(&answer);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_found_as_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
