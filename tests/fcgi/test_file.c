/* file: as JSON and back, and how it is handed out. */
#include "suite.h"

#include <stdlib.h>

#include "file.h"

static struct file of_type(const char *type) {
    struct file file = {.id = "r5y8c1m4v7b0n3ka", .name = "a", .size = 1};
    snprintf(file.type, sizeof file.type, "%s", type);
    return file;
}

static void what_is_written_is_read_again(void **state) {
    (void)state;
    struct file read, file = of_type("image/png");
    file.width = 640;
    file.height = 480;
    strcpy(file.name, "诗 \"1\".png");
    json_t *json = file_json(&file);
    char *text = json_dumps(json, JSON_COMPACT);
    assert_string_equal(text, "{\"id\":\"r5y8c1m4v7b0n3ka\",\"name\":\"诗 \\\"1\\\".png\","
                              "\"type\":\"image/png\",\"size\":1,\"url\":\"/api/v1/files/"
                              "r5y8c1m4v7b0n3ka/%E8%AF%97%20%221%22.png\",\"width\":640,"
                              "\"height\":480}");
    assert_true(file_parse(&read, text, strlen(text)));
    assert_string_equal(read.id, file.id);
    assert_string_equal(read.name, file.name);
    assert_string_equal(read.type, file.type);
    assert_int_equal(read.size, 1);
    assert_int_equal(read.width, 640);
    assert_int_equal(read.height, 480);
    free(text);
    json_decref(json);
}

static void without_a_size_it_is_no_picture(void **state) {
    (void)state;
    struct file file = of_type("image/png");
    json_t *json = file_json(&file);
    assert_null(json_object_get(json, "width"));
    assert_null(json_object_get(json, "height"));
    json_decref(json);
}

static void what_is_no_file_is_not_read(void **state) {
    (void)state;
    struct file file;
    static const char *const texts[] = {"", "{}", "[]", "{\"id\":\"a\"}",
                                        "{\"id\":1,\"name\":\"\",\"type\":\"\",\"size\":1}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_case(!file_parse(&file, texts[i], strlen(texts[i])), texts[i]);
    }
}

static void only_what_can_hold_no_script_is_shown_in_place(void **state) {
    (void)state;
    static const struct {
        const char *type, *as;
    } cases[] = {
        {"image/png", "image/png"},
        {"image/jpeg", "image/jpeg"},
        {"audio/x-wav", "audio/wav"},
        {"video/webm", "video/webm"},
        {"image/svg+xml", NULL},
        {"text/html", NULL},
        {"text/xml", NULL},
        {"text/plain", NULL},
        {"application/pdf", NULL},
        {"application/javascript", NULL},
        {"application/octet-stream", NULL},
        {"", NULL},
        {"image/png; charset=x", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct file file = of_type(cases[i].type);
        const char *as = file_type_shown(&file);
        assert_case(cases[i].as ? as && strcmp(as, cases[i].as) == 0 : !as, cases[i].type);
        char *disposition = file_disposition(&file);
        assert_case(strncmp(disposition, as ? "inline;" : "attachment;", as ? 7 : 11) == 0,
                    cases[i].type);
        free(disposition);
    }
}

static void no_name_breaks_out_of_the_header(void **state) {
    (void)state;
    struct file file = of_type("text/plain");
    strcpy(file.name, "a\"; b='c'\r\n%*诗");
    char *disposition = file_disposition(&file);
    assert_string_equal(disposition,
                        "attachment; filename*=UTF-8''a%22%3B%20b%3D%27c%27%0D%0A%25%2A%E8%AF%97");
    free(disposition);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(without_a_size_it_is_no_picture),
        cmocka_unit_test(what_is_no_file_is_not_read),
        cmocka_unit_test(only_what_can_hold_no_script_is_shown_in_place),
        cmocka_unit_test(no_name_breaks_out_of_the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
