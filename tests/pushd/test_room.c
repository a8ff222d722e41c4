/*
 * room: when it is ready, and when it is closed again.
 */
#include "room_bench.h"

static void a_room_is_ready_when_it_is_subscribed_and_its_end_known(void **state) {
    (void)state;
    enter(&reader, 0);
    assert_true(fake_take_request());
    assert_false(fake.reads[0].asked);
    assert_true(fake_deliver(&rooms));
    assert_true(fake_execute(0));
    assert_int_equal(ready, 0);
    assert_true(fake_answer(0));
    assert_int_equal(ready, 1);
    assert_int_equal(reader.views[0].sub->cursor, 10);
    enter(&other, 0);
    assert_int_equal(ready, 2);
    assert_int_equal(fake.reads_asked, 1);
}

static void an_empty_log_is_known_too(void **state) {
    (void)state;
    fake_truncate(0, 0);
    live(&reader);
    assert_int_equal(ready, 1);
    write_entries(3);
    settle();
    assert_holds(&reader, 1, 3);
}

static void a_room_that_nobody_reads_is_closed_after_a_while(void **state) {
    (void)state;
    live(&reader);
    room_leave(&reader.views[0].sub);
    assert_null(reader.views[0].sub);
    wheel_turn(&wheel, wheel.now + 5);
    assert_non_null(room_find(&rooms, "a"));
    wheel_turn(&wheel, wheel.now + 10);
    assert_null(room_find(&rooms, "a"));
    assert_true(fake.logs[0].subscribed);
    settle();
    assert_false(fake.logs[0].subscribed);
}

static void who_comes_back_soon_finds_the_room_open(void **state) {
    (void)state;
    live(&reader);
    room_leave(&reader.views[0].sub);
    wheel_turn(&wheel, wheel.now + 5);
    write_entries(2);
    settle();
    uint64_t asked = fake.reads_asked;
    fake_come(&reader);
    enter(&reader, 0);
    assert_int_equal(reader.views[0].sub->cursor, 12);
    wheel_turn(&wheel, wheel.now + 20);
    assert_non_null(room_find(&rooms, "a"));
    assert_int_equal(fake.reads_asked, asked);
}

static void who_leaves_while_waiting_is_forgotten(void **state) {
    (void)state;
    enter(&reader, 0);
    enter(&other, 0);
    settle();
    fake_resume(&reader, 0, 1, true, 0);
    fake_resume(&other, 0, 2, true, 0);
    fake_execute(0);
    fake_leave(&reader);
    fake_come(&reader);
    settle();
    assert_holds(&other, 3, 10);
}

static void a_quiet_room_forgets_what_it_has_read(void **state) {
    (void)state;
    live(&reader);
    write_entries(50);
    settle();
    for (uint32_t second = 1; second < 100; second++) {
        wheel_turn(&wheel, second);
    }
    assert_int_equal(reader.views[0].sub->room->tail.count, 1);
    write_entries(1);
    settle();
    assert_holds(&reader, 11, 61);
}

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_room_is_ready_when_it_is_subscribed_and_its_end_known),
        TEST(an_empty_log_is_known_too),
        TEST(a_room_that_nobody_reads_is_closed_after_a_while),
        TEST(who_comes_back_soon_finds_the_room_open),
        TEST(who_leaves_while_waiting_is_forgotten),
        TEST(a_quiet_room_forgets_what_it_has_read),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
