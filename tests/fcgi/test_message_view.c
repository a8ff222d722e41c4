/* message_view: a message as it came, or with its fold laid over it. */
#include "suite.h"

#include "given.h"
#include "message_view.h"

static const char ENTRY[] =
    "{\"type\":\"message\",\"seq\":7,\"n\":3,\"at\":9,\"room\":\"r1\",\"from\":{\"id\":\"u1\"},"
    "\"text\":\"hi\",\"key\":\"k\",\"mentions\":[\"u2\"]}";
#define HEAD "{\"seq\":7,\"n\":3,\"at\":9,\"room\":\"r1\",\"from\":{\"id\":\"u1\"},"

static char *shown(const char *entry, const char *fold) {
    char wire[2048];
    snprintf(wire, sizeof wire, "*3\r\n$2\r\nok\r\n$%zu\r\n%s\r\n$%zu\r\n%s\r\n", strlen(entry),
             entry, strlen(fold), fold);
    struct answer answer = given_answer(wire);
    char *text = NULL;
    size_t bytes;
    FILE *body = open_memstream(&text, &bytes);
    bool is_message = message_view_write(body, &answer, 1, "u2");
    fclose(body);
    answer_deinit(&answer);
    assert_true(is_message == (bytes > 0));
    return text;
}

static void what_became_of_it_is_laid_over_it(void **state) {
    (void)state;
    static const struct {
        const char *name, *fold, *json;
    } rows[] = {
        {"nothing", "", HEAD "\"text\":\"hi\",\"key\":\"k\",\"mentions\":[\"u2\"]}"},
        {"no JSON", "{", HEAD "\"text\":\"hi\",\"key\":\"k\",\"mentions\":[\"u2\"]}"},
        {"an edit", "{\"text\":\"ho\",\"edited_at\":12,\"edits\":[8]}",
         HEAD "\"text\":\"ho\",\"key\":\"k\",\"mentions\":[\"u2\"],\"edited_at\":12}"},
        {"an edit that mentions others", "{\"text\":\"ho\",\"mentions\":[\"u3\"]}",
         HEAD "\"text\":\"ho\",\"key\":\"k\",\"mentions\":[\"u3\"]}"},
        {"an edit that mentions nobody, as Lua writes it", "{\"text\":\"ho\",\"mentions\":{}}",
         HEAD "\"text\":\"ho\",\"key\":\"k\"}"},
        {"reactions", "{\"reactions\":[[\"x\",\"u1\",\"u2\"],[\"y\",\"u1\"]],\"mentions\":[]}",
         HEAD "\"text\":\"hi\",\"key\":\"k\",\"reactions\":[{\"emoji\":\"x\",\"count\":2,\"mine\":"
              "true},{\"emoji\":\"y\",\"count\":1,\"mine\":false}]}"},
        {"a pin", "{\"pinned\":true}",
         HEAD "\"text\":\"hi\",\"key\":\"k\",\"mentions\":[\"u2\"],\"pinned\":true}"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char *json = shown(ENTRY, rows[i].fold);
        if (strcmp(json, rows[i].json) != 0) {
            fail_msg("%s: %s", rows[i].name, json);
        }
        free(json);
    }
}

static void a_tombstone_goes_through(void **state) {
    (void)state;
    char *json = shown("{\"type\":\"message\",\"seq\":7,\"deleted\":true}", "{\"entry\":\"...\"}");
    assert_string_equal(json, "{\"seq\":7,\"deleted\":true}");
    free(json);
}

static void what_is_no_message_is_not_written(void **state) {
    (void)state;
    free(shown("{\"type\":\"member\",\"seq\":7}", ""));
    free(shown("", ""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_became_of_it_is_laid_over_it),
        cmocka_unit_test(a_tombstone_goes_through),
        cmocka_unit_test(what_is_no_message_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
