/* membership: what the members hash holds, and how REST shows it. */
#include "suite.h"

#include "membership.h"

static void a_stored_membership_is_read(void **state) {
    (void)state;
    struct membership m = {.read = 9};
    assert_true(membership_parse(&m, "{\"role\":\"owner\",\"joined_at\":1790000000000,\"seq\":3}"));
    assert_string_equal(m.role, "owner");
    assert_true(m.joined_at == 1790000000000);
    assert_int_equal(m.seq, 3);
    assert_int_equal(m.read, 9);
    json_t *json = membership_json(&m, json_pack("{s:s}", "id", "u1"));
    char *text = json_dumps(json, JSON_COMPACT);
    assert_string_equal(text, "{\"user\":{\"id\":\"u1\"},\"role\":\"owner\",\"read\":9,"
                              "\"joined_at\":1790000000000}");
    free(text);
    json_decref(json);
}

static void what_is_none_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"", "{}", "[]", "{\"role\":1,\"joined_at\":1,\"seq\":1}",
                                        "{\"role\":\"owner\",\"joined_at\":1}"};
    for (size_t i = 0; i < ROWS(texts); i++) {
        struct membership m = {.read = 0};
        assert_case(!membership_parse(&m, texts[i]), texts[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stored_membership_is_read),
        cmocka_unit_test(what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
