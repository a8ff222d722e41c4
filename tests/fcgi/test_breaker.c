/* breaker: closed, open, and one probe at a time. */
#include "suite.h"

#include "breaker.h"

static void it_is_closed_until_it_is_tripped(void **state) {
    (void)state;
    struct breaker breaker;
    breaker_init(&breaker);
    assert_int_equal(breaker_ask(&breaker, 1000), BREAKER_GO);
    breaker_trip(&breaker, 1000);
    assert_int_equal(breaker_ask(&breaker, 1000), BREAKER_STOP);
    breaker_deinit(&breaker);
}

static void one_at_a_time_may_probe(void **state) {
    (void)state;
    struct breaker breaker;
    breaker_init(&breaker);
    breaker_trip(&breaker, 1000);
    assert_int_equal(breaker_ask(&breaker, 1000 + BREAKER_PAUSE_MS - 1), BREAKER_STOP);
    assert_int_equal(breaker_ask(&breaker, 1000 + BREAKER_PAUSE_MS), BREAKER_PROBE);
    assert_int_equal(breaker_ask(&breaker, 1000 + BREAKER_PAUSE_MS), BREAKER_STOP);
    assert_int_equal(breaker_ask(&breaker, 1000000), BREAKER_STOP);
    breaker_deinit(&breaker);
}

static void a_probe_in_vain_is_followed_by_a_pause(void **state) {
    (void)state;
    struct breaker breaker;
    breaker_init(&breaker);
    breaker_trip(&breaker, 1000);
    assert_int_equal(breaker_ask(&breaker, 2000), BREAKER_PROBE);
    breaker_settle(&breaker, false, 2500);
    assert_int_equal(breaker_ask(&breaker, 2500), BREAKER_STOP);
    assert_int_equal(breaker_ask(&breaker, 2500 + BREAKER_PAUSE_MS), BREAKER_PROBE);
    breaker_deinit(&breaker);
}

static void an_answer_closes_it(void **state) {
    (void)state;
    struct breaker breaker;
    breaker_init(&breaker);
    breaker_trip(&breaker, 1000);
    assert_int_equal(breaker_ask(&breaker, 2000), BREAKER_PROBE);
    breaker_settle(&breaker, true, 2001);
    assert_int_equal(breaker_ask(&breaker, 2001), BREAKER_GO);
    assert_int_equal(breaker_ask(&breaker, 2001), BREAKER_GO);
    breaker_deinit(&breaker);
}

static void every_trip_is_counted(void **state) {
    (void)state;
    struct breaker breaker;
    breaker_init(&breaker);
    unsigned before = breaker_trips(&breaker);
    breaker_trip(&breaker, 1000);
    breaker_ask(&breaker, 2000);
    breaker_settle(&breaker, true, 2001);
    assert_int_equal(breaker_trips(&breaker), before + 1);
    breaker_trip(&breaker, 3000);
    assert_int_equal(breaker_trips(&breaker), before + 2);
    breaker_deinit(&breaker);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_closed_until_it_is_tripped),
        cmocka_unit_test(one_at_a_time_may_probe),
        cmocka_unit_test(a_probe_in_vain_is_followed_by_a_pause),
        cmocka_unit_test(an_answer_closes_it),
        cmocka_unit_test(every_trip_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
