/*
 * cursors: ids, case by case from tests/fixtures/cursors/, and the list behind them.
 */
#include "suite.h"

#include "cursors.h"
#include "fixture.h"

static void decode(struct fixture *fixture) {
    struct cursors cursors;
    char out[CURSORS_ID_MAX];
    char *exact = malloc(fixture->input_bytes + 1);
    memcpy(exact, fixture->input, fixture->input_bytes);
    cursors_init(&cursors);
    if (cursors_read(&cursors, exact, fixture->input_bytes)) {
        size_t bytes = cursors_write(&cursors, out);
        fixture_got(fixture, "%.*s", (int)bytes, out);
    } else {
        fixture_got(fixture, "malformed");
    }
    cursors_deinit(&cursors);
    free(exact);
}

static void an_id_is_read_and_written_the_same(void **state) {
    (void)state;
    fixtures_walk("cursors/valid", "id", decode);
}

static void what_is_no_id_is_malformed(void **state) {
    (void)state;
    fixtures_walk("cursors/invalid", "id", decode);
}

static void assert_id(const struct cursors *cursors, const char *expected) {
    char out[CURSORS_ID_MAX];
    size_t bytes = cursors_write(cursors, out);
    assert_int_equal(bytes, strlen(expected));
    assert_memory_equal(out, expected, bytes);
}

static void the_room_of_the_latest_activity_comes_first(void **state) {
    (void)state;
    struct cursors cursors;
    cursors_init(&cursors);
    assert_id(&cursors, "");
    cursors_set(&cursors, "a", 1, 10);
    cursors_set(&cursors, "b", 2, 20);
    cursors_set(&cursors, "c", 3, 30);
    assert_id(&cursors, "c.3.30,b.2.20,a.1.10");
    cursors_set(&cursors, "b", 4, 40);
    assert_id(&cursors, "b.4.40,c.3.30,a.1.10");
    cursors_set(&cursors, cursors.list[0].room, 5, 50);
    assert_id(&cursors, "a.5.50,b.4.40,c.3.30");
    assert_int_equal(cursors_find(&cursors, "b")->seq, 4);
    assert_null(cursors_find(&cursors, "d"));
    cursors_forget(&cursors, "b");
    cursors_forget(&cursors, "d");
    assert_id(&cursors, "a.5.50,c.3.30");
    cursors_deinit(&cursors);
}

static void an_id_names_no_more_rooms_than_fit(void **state) {
    (void)state;
    struct cursors cursors, again;
    char out[CURSORS_ID_MAX], room[SC_ID_MAX + 1];
    cursors_init(&cursors);
    cursors_init(&again);
    for (int i = 0; i < SC_ROOMS_MAX; i++) {
        snprintf(room, sizeof room, "a%031d", i);
        cursors_set(&cursors, room, 999999999999999999u, 999999999999999999u);
    }
    size_t bytes = cursors_write(&cursors, out);
    assert_in_range(bytes, CURSORS_ID_MAX - 80, CURSORS_ID_MAX);
    assert_true(cursors_read(&again, out, bytes));
    assert_in_range(again.count, 55, 60);
    assert_non_null(cursors_find(&again, room));
    assert_null(cursors_find(&again, "a0000000000000000000000000000000"));
    cursors_deinit(&cursors);
    cursors_deinit(&again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_read_and_written_the_same),
        cmocka_unit_test(what_is_no_id_is_malformed),
        cmocka_unit_test(the_room_of_the_latest_activity_comes_first),
        cmocka_unit_test(an_id_names_no_more_rooms_than_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
