/* cursor: a place in a list, there and back. */
#include "suite.h"

#include "cursor.h"

static void a_place_comes_back_as_it_went(void **state) {
    (void)state;
    static const char *const places[] = {"a", "lobby\x01lobby", "中文\x01id00", "x y/z?&="};
    for (size_t i = 0; i < ROWS(places); i++) {
        char *cursor = cursor_encode(places[i]);
        assert_int_equal(strspn(cursor, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789-_"),
                         strlen(cursor));
        char *place = cursor_decode(cursor, strlen(cursor));
        assert_string_equal(place, places[i]);
        free(place);
        free(cursor);
    }
}

static void what_is_no_cursor_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",        "!",         "YWJj=", "YW Jj", "YQBi" /* holds a NUL */, "A", "\xff\xff\xff\xff",
        "YWJ\x80", "\xc3\xa9YW"};
    for (size_t i = 0; i < ROWS(texts); i++) {
        char *place = cursor_decode(texts[i], strlen(texts[i]));
        assert_case(place == NULL, texts[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_comes_back_as_it_went),
        cmocka_unit_test(what_is_no_cursor_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
