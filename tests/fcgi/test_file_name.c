/* file_name: paths, and what is left of them. */
#include "suite.h"

#include "file_name.h"

static const struct {
    const char *given, *made;
} cases[] = {
    {"x", "x"},
    {"report.pdf", "report.pdf"},
    {"", "file"},
    {".", "file"},
    {"..", "file"},
    {"...", "file"},
    {"/", "file"},
    {"a/", "file"},
    {"a\\", "file"},
    {"   ", "file"},
    {"../../x", "x"},
    {"..\\..\\x", "x"},
    {"/etc/passwd", "passwd"},
    {"C:\\Users\\ada\\plan.txt", "plan.txt"},
    {"a/b\\c.txt", "c.txt"},
    {" x . ", "x"},
    {"x.txt...", "x.txt"},
    {".bashrc", ".bashrc"},
    {"诗 集.txt", "诗 集.txt"},
    {"e\xCC\x81.txt", "\xC3\xA9.txt"},
};

static void of_a_path_the_last_piece_is_left(void **state) {
    (void)state;
    char made[FILE_NAME_MAX + 1];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        file_name_make(cases[i].given, strlen(cases[i].given), made);
        assert_case(strcmp(made, cases[i].made) == 0, cases[i].given);
    }
}

static void assert_made(const char *given, size_t bytes, const char *end) {
    char made[FILE_NAME_MAX + 1];
    file_name_make(given, strlen(given), made);
    assert_int_equal(strlen(made), bytes);
    assert_string_equal(made + bytes - strlen(end), end);
}

static void a_long_name_keeps_its_extension_and_whole_characters(void **state) {
    (void)state;
    char text[1024];
    memset(text, 'x', sizeof text);
    memcpy(text + 300, ".jpeg", 6);
    assert_made(text, FILE_NAME_MAX, "xx.jpeg");
    memset(text, 'x', sizeof text);
    text[FILE_NAME_MAX] = '\0';
    assert_made(text, FILE_NAME_MAX, "xx");
    for (size_t i = 0; i < 100; i++) {
        memcpy(text + 3 * i, "诗", 3);
    }
    memcpy(text + 300, ".jpg", 5);
    assert_made(text, 249 + 4, "诗.jpg"); /* 250 and 251 would be two thirds of one more */
}

static void what_follows_a_dot_far_from_the_end_is_no_extension(void **state) {
    (void)state;
    char text[400];
    memset(text, 'x', sizeof text);
    text[200] = '.';
    text[300] = '\0';
    assert_made(text, FILE_NAME_MAX, "xx");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_a_path_the_last_piece_is_left),
        cmocka_unit_test(a_long_name_keeps_its_extension_and_whole_characters),
        cmocka_unit_test(what_follows_a_dot_far_from_the_end_is_no_extension),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
