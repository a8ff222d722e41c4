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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_closed_until_it_is_tripped),
        cmocka_unit_test(one_at_a_time_may_probe),
        cmocka_unit_test(a_probe_in_vain_is_followed_by_a_pause),
        cmocka_unit_test(an_answer_closes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
