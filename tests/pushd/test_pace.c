/*
 * pace: measured when many come, and never out of bounds.
 */
#include "suite.h"

#include "pace.h"

enum { USUAL = 1500, LEAST_MS = 500 };

static void a_spread_grows_with_the_population(void **state) {
    (void)state;
    struct pace pace;
    pace_init(&pace, 0);
    assert_int_equal(pace_spread_ms(&pace, 0), LEAST_MS);
    assert_int_equal(pace_spread_ms(&pace, USUAL), LEAST_MS + 1000);
    assert_int_equal(pace_spread_ms(&pace, 10 * USUAL), LEAST_MS + 10000);
}

/* A hundred people a second, `us` each, for a while. */
static uint64_t spread_after(int64_t us) {
    struct pace pace;
    pace_init(&pace, 0);
    for (int second = 1; second <= 60; second++) {
        pace_look(&pace, (uint64_t)second * 100, second * 100 * us);
    }
    return pace_spread_ms(&pace, 10000);
}

static void it_follows_what_letting_in_has_cost(void **state) {
    (void)state;
    /* 100 us each: 10,000 in a second of the processor, of which half may be used */
    assert_in_range(spread_after(100), LEAST_MS + 1999, LEAST_MS + 2001);
    assert_in_range(spread_after(1000), LEAST_MS + 19990, LEAST_MS + 20010);
}

static void however_slow_it_comes_to_an_end(void **state) {
    (void)state;
    assert_in_range(spread_after(1000000), LEAST_MS + 99000, LEAST_MS + 101000);
}

static void few_people_tell_nothing(void **state) {
    (void)state;
    struct pace pace;
    pace_init(&pace, 0);
    for (int second = 1; second <= 60; second++) {
        pace_look(&pace, (uint64_t)second * 10, second * 900000);
    }
    pace_look(&pace, 600, 60 * 900000); /* nor does a clock that stands still */
    pace_look(&pace, 900, 60 * 900000);
    assert_int_equal(pace_spread_ms(&pace, USUAL), LEAST_MS + 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spread_grows_with_the_population),
        cmocka_unit_test(it_follows_what_letting_in_has_cost),
        cmocka_unit_test(however_slow_it_comes_to_an_end),
        cmocka_unit_test(few_people_tell_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
