/* quiet_hours: the hours in which nobody wants to be disturbed, by the clock on their wall. */
#include "suite.h"

#include "quiet_hours.h"

#define MINUTE INT64_C(60000)
/* 2026-01-15 and 2026-07-15, 00:00 UTC. */
#define WINTER INT64_C(1768435200000)
#define SUMMER INT64_C(1784073600000)

static const struct {
    const char *what, *from, *to, *zone;
    int64_t at;
    bool quiet;
} cases[] = {
    {"inside", "01:00", "02:00", "", WINTER + 90 * MINUTE, true},
    {"at its first minute", "01:00", "02:00", "", WINTER + 60 * MINUTE, true},
    {"at its end", "01:00", "02:00", "", WINTER + 120 * MINUTE, false},
    {"before", "01:00", "02:00", "", WINTER + 60 * MINUTE - 1, false},
    {"over midnight, before it", "22:00", "07:00", "", WINTER + 23 * 60 * MINUTE, true},
    {"over midnight, after it", "22:00", "07:00", "", WINTER, true},
    {"over midnight, at noon", "22:00", "07:00", "", WINTER + 12 * 60 * MINUTE, false},
    {"no hours", "03:00", "03:00", "", WINTER + 180 * MINUTE, false},
    {"Shanghai is eight ahead", "08:00", "08:01", "Asia/Shanghai", WINTER, true},
    {"Kathmandu five and three quarters", "05:45", "05:46", "Asia/Kathmandu", WINTER, true},
    {"Berlin in winter", "01:00", "01:01", "Europe/Berlin", WINTER, true},
    {"Berlin in summer", "02:00", "02:01", "Europe/Berlin", SUMMER, true},
    {"Berlin's winter in summer", "01:00", "01:01", "Europe/Berlin", SUMMER, false},
};

static void the_hours_are_those_of_the_zone(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(cases); i++) {
        const struct quiet quiet = {quiet_minute(cases[i].from), quiet_minute(cases[i].to),
                                    cases[i].zone, 0};
        assert_case(quiet_is(&quiet, cases[i].at) == cases[i].quiet, cases[i].what);
    }
}

static void until_ends_when_it_says(void **state) {
    (void)state;
    const struct quiet quiet = {QUIET_NEVER, QUIET_NEVER, "", WINTER};
    assert_true(quiet_is(&quiet, WINTER - 1));
    assert_false(quiet_is(&quiet, WINTER));
}

static void only_a_time_of_the_day_is_one(void **state) {
    (void)state;
    static const char *const wrong[] = {"",     "7:00",   "24:00", "12:60", "12-30",
                                        "12:3", "12:300", "ab:cd", "-1:00", " 1:00"};
    for (size_t i = 0; i < ROWS(wrong); i++) {
        assert_case(quiet_minute(wrong[i]) == QUIET_NEVER, wrong[i]);
    }
    assert_int_equal(quiet_minute("00:00"), 0);
    assert_int_equal(quiet_minute("23:59"), QUIET_DAY_MINUTES - 1);
}

static void only_a_zone_that_there_is_is_one(void **state) {
    (void)state;
    assert_true(quiet_zone_valid("Asia/Shanghai"));
    assert_true(quiet_zone_valid("America/Argentina/Buenos_Aires"));
    assert_true(quiet_zone_valid("UTC"));
    assert_false(quiet_zone_valid(""));
    assert_false(quiet_zone_valid("Europe/Atlantis"));
    assert_false(quiet_zone_valid("GMT+25"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hours_are_those_of_the_zone),
        cmocka_unit_test(until_ends_when_it_says),
        cmocka_unit_test(only_a_time_of_the_day_is_one),
        cmocka_unit_test(only_a_zone_that_there_is_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
