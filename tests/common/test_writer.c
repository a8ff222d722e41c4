/*
 * writer: what it writes is what jansson would have written.
 */
#include "suite.h"

#include <jansson.h>
#include <stonechat/writer.h>

static void assert_text(struct sc_writer *writer, const char *expected) {
    char *text = sc_writer_take(writer);
    assert_string_equal(text, expected);
    free(text);
    assert_null(writer->text);
}

static void pieces_follow_each_other(void **state) {
    (void)state;
    struct sc_writer writer = {0};
    sc_writer_raw(&writer, "{\"a\":");
    sc_writer_string(&writer, "b");
    sc_writer_raw(&writer, ",\"c\":");
    sc_writer_number(&writer, 1790000000000);
    sc_writer_raw(&writer, "}");
    assert_text(&writer, "{\"a\":\"b\",\"c\":1790000000000}");
    assert_text(&writer, "");
}

static void numbers_are_whole(void **state) {
    (void)state;
    struct sc_writer writer = {0};
    sc_writer_number(&writer, 0);
    sc_writer_raw(&writer, " ");
    sc_writer_number(&writer, UINT64_MAX);
    assert_text(&writer, "0 18446744073709551615");
}

static void assert_as_jansson(const char *text) {
    struct sc_writer writer = {0};
    json_t *string = json_string(text);
    char *expected = json_dumps(string, JSON_ENCODE_ANY | JSON_COMPACT);
    sc_writer_string(&writer, text);
    assert_text(&writer, expected);
    free(expected);
    json_decref(string);
}

static void every_character_is_escaped_as_jansson_does(void **state) {
    (void)state;
    char text[] = "a?b?";
    for (int byte = 1; byte < 128; byte++) {
        text[1] = text[3] = (char)byte;
        assert_as_jansson(text);
        assert_as_jansson(text + 1);
    }
    assert_as_jansson("");
    assert_as_jansson("\"\"\\\\");
    assert_as_jansson("石 chat 🐦 é \u2028 \x7f");
}

static void it_grows_as_long_as_need_be(void **state) {
    (void)state;
    char long_text[5000];
    for (size_t bytes = 0; bytes < sizeof long_text; bytes += 123) {
        memset(long_text, bytes % 2 == 0 ? 'x' : '\n', bytes);
        long_text[bytes] = '\0';
        assert_as_jansson(long_text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_follow_each_other),
        cmocka_unit_test(numbers_are_whole),
        cmocka_unit_test(every_character_is_escaped_as_jansson_does),
        cmocka_unit_test(it_grows_as_long_as_need_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
