/*
 * rest: a multiple of what the delivery took, within bounds.
 */
#include "suite.h"

#include "rest.h"

enum { NOW = 1000000 };

/* How long a room rests after a delivery of that many microseconds. */
static int64_t after(int64_t us) {
    struct rest rest = {0};
    rest_after(&rest, NOW - us, NOW);
    return rest_left_us(&rest, NOW);
}

static void a_room_that_never_delivered_does_not_rest(void **state) {
    (void)state;
    struct rest rest = {0};
    assert_int_equal(rest_left_us(&rest, NOW), 0);
}

static void a_long_delivery_is_followed_by_a_longer_rest(void **state) {
    (void)state;
    assert_int_equal(after(1000), 4000);
    assert_int_equal(after(1999), 7996);
}

static void a_short_one_by_none(void **state) {
    (void)state;
    assert_int_equal(after(0), 0);
    assert_int_equal(after(49), 0);
    assert_int_equal(after(50), 200);
}

static void no_rest_is_long_enough_to_be_felt(void **state) {
    (void)state;
    assert_int_equal(after(2000), 8000);
    assert_int_equal(after(5000000), 8000);
}

static void a_rest_comes_to_an_end_and_a_clock_that_stepped_back_begins_none(void **state) {
    (void)state;
    struct rest rest = {0};
    rest_after(&rest, NOW - 1000, NOW);
    assert_int_equal(rest_left_us(&rest, NOW + 3999), 1);
    assert_int_equal(rest_left_us(&rest, NOW + 4000), 0);
    rest_after(&rest, NOW, NOW - 1000);
    assert_int_equal(rest_left_us(&rest, NOW), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_room_that_never_delivered_does_not_rest),
        cmocka_unit_test(a_long_delivery_is_followed_by_a_longer_rest),
        cmocka_unit_test(a_short_one_by_none),
        cmocka_unit_test(no_rest_is_long_enough_to_be_felt),
        cmocka_unit_test(a_rest_comes_to_an_end_and_a_clock_that_stepped_back_begins_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
