/*
 * lane: numbers that are given out, given back, and given out again.
 */
#include "suite.h"

#include "lane.h"

static void a_lane_is_not_straight_before_its_connection_says_so(void **state) {
    (void)state;
    uint32_t lane = lane_open(7);
    assert_int_not_equal(lane, 0);
    assert_int_equal(lanes[lane].fd, 7);
    assert_false(lanes[lane].straight);
    assert_false(lanes[0].straight);
    lane_close(lane);
}

static void what_was_given_back_is_given_out_again_and_clean(void **state) {
    (void)state;
    uint32_t lane = lane_open(7);
    lanes[lane].straight = true;
    lane_close(lane);
    assert_false(lanes[lane].straight);
    assert_int_equal(lane_open(8), lane);
    assert_int_equal(lanes[lane].fd, 8);
    assert_false(lanes[lane].straight);
    lane_close(lane);
}

static void many_have_one_each(void **state) {
    enum { MANY = 1000 };
    uint32_t opened[MANY];
    (void)state;
    for (int i = 0; i < MANY; i++) {
        opened[i] = lane_open(i);
        lanes[opened[i]].straight = i % 2 == 0;
    }
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(lanes[opened[i]].fd, i);
        assert_int_equal(lanes[opened[i]].straight, i % 2 == 0);
    }
    for (int i = 0; i < MANY; i++) {
        lane_close(opened[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lane_is_not_straight_before_its_connection_says_so),
        cmocka_unit_test(what_was_given_back_is_given_out_again_and_clean),
        cmocka_unit_test(many_have_one_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
