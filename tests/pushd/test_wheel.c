/*
 * wheel: deadlines, to the second, also when time jumps.
 */
#include "suite.h"

#include <stdlib.h>
#include <time.h>

#include "wheel.h"

/* What fires, and how often. */
struct alarm_clock {
    struct wheel_entry entry;
    struct wheel *wheel;
    uint32_t fired, fired_at;
    uint32_t again;            /* seconds after which to ring again; 0: not */
    struct alarm_clock *other; /* to be disarmed when this one rings */
};

static void on_due(struct wheel_entry *entry) {
    struct alarm_clock *clock = (struct alarm_clock *)entry;
    assert_int_equal(entry->due, 0);
    clock->fired++;
    clock->fired_at = clock->wheel->now;
    if (clock->again > 0) {
        wheel_arm(clock->wheel, entry, clock->again);
    }
    if (clock->other != NULL) {
        wheel_disarm(&clock->other->entry);
    }
}

static struct alarm_clock clock_of(struct wheel *wheel) {
    return (struct alarm_clock){.entry = {.on_due = on_due}, .wheel = wheel};
}

static void a_deadline_fires_once_and_in_time(void **state) {
    (void)state;
    for (uint32_t began = 1; began < 70; began++) {
        for (uint32_t seconds = 0; seconds < 200; seconds += 7) {
            struct wheel wheel;
            wheel_init(&wheel);
            wheel_turn(&wheel, began);
            struct alarm_clock clock = clock_of(&wheel);
            wheel_arm(&wheel, &clock.entry, seconds);
            wheel_turn(&wheel, began + seconds);
            assert_int_equal(clock.fired, 0);
            wheel_turn(&wheel, began + seconds + 1);
            assert_int_equal(clock.fired, 1);
            wheel_turn(&wheel, began + seconds + 300);
            assert_int_equal(clock.fired, 1);
        }
    }
}

static void a_deadline_fires_second_by_second_too(void **state) {
    (void)state;
    for (uint32_t seconds = 0; seconds < 200; seconds++) {
        struct wheel wheel;
        wheel_init(&wheel);
        struct alarm_clock clock = clock_of(&wheel);
        wheel_arm(&wheel, &clock.entry, seconds);
        for (uint32_t now = 1; now < 300; now++) {
            wheel_turn(&wheel, now);
        }
        assert_int_equal(clock.fired, 1);
        assert_int_equal(clock.fired_at, seconds + 2);
    }
}

static void arming_anew_forgets_the_old_deadline(void **state) {
    (void)state;
    struct wheel wheel;
    wheel_init(&wheel);
    struct alarm_clock clock = clock_of(&wheel);
    wheel_arm(&wheel, &clock.entry, 2);
    wheel_arm(&wheel, &clock.entry, 20);
    wheel_turn(&wheel, 20);
    assert_int_equal(clock.fired, 0);
    wheel_arm(&wheel, &clock.entry, 1);
    wheel_turn(&wheel, 22);
    assert_int_equal(clock.fired, 1);
    wheel_turn(&wheel, 100);
    assert_int_equal(clock.fired, 1);
}

static void what_is_disarmed_does_not_fire(void **state) {
    (void)state;
    struct wheel wheel;
    wheel_init(&wheel);
    struct alarm_clock clock = clock_of(&wheel);
    wheel_disarm(&clock.entry);
    wheel_arm(&wheel, &clock.entry, 2);
    wheel_disarm(&clock.entry);
    wheel_disarm(&clock.entry);
    wheel_turn(&wheel, 100);
    assert_int_equal(clock.fired, 0);
}

static void whoever_rings_may_arm_itself_again(void **state) {
    (void)state;
    static const uint32_t again[] = {1, 2, 63, 64, 65, 127};
    for (size_t i = 0; i < ROWS(again); i++) {
        struct wheel wheel;
        wheel_init(&wheel);
        struct alarm_clock clock = clock_of(&wheel);
        clock.again = again[i];
        wheel_arm(&wheel, &clock.entry, again[i]);
        for (uint32_t now = 2; now < 1000; now++) {
            wheel_turn(&wheel, now);
        }
        assert_int_equal(clock.fired, 998 / (again[i] + 1));
    }
}

static void whoever_rings_may_disarm_its_neighbours(void **state) {
    (void)state;
    struct wheel wheel;
    struct alarm_clock clocks[4];
    wheel_init(&wheel);
    for (size_t i = 0; i < ROWS(clocks); i++) {
        clocks[i] = clock_of(&wheel);
        wheel_arm(&wheel, &clocks[i].entry, 3);
    }
    for (size_t i = 0; i < ROWS(clocks); i++) {
        clocks[i].other = &clocks[i ^ 1];
    }
    wheel_turn(&wheel, 10);
    assert_int_equal(clocks[0].fired + clocks[1].fired, 1);
    assert_int_equal(clocks[2].fired + clocks[3].fired, 1);
}

static void all_that_fell_due_in_a_pause_fires_at_once(void **state) {
    (void)state;
    struct wheel wheel;
    struct alarm_clock clocks[300];
    wheel_init(&wheel);
    for (uint32_t i = 0; i < ROWS(clocks); i++) {
        clocks[i] = clock_of(&wheel);
        wheel_arm(&wheel, &clocks[i].entry, i);
    }
    wheel_turn(&wheel, 201);
    for (uint32_t i = 0; i < ROWS(clocks); i++) {
        assert_int_equal(clocks[i].fired, i < 200 ? 1 : 0);
        wheel_disarm(&clocks[i].entry);
    }
}

/* Or a heartbeat would find that nobody has answered what it has just asked. */
static void who_arms_itself_again_after_a_pause_rings_once(void **state) {
    (void)state;
    for (uint32_t pause = 2; pause < 300; pause++) {
        struct wheel wheel;
        wheel_init(&wheel);
        struct alarm_clock clock = clock_of(&wheel);
        clock.again = 10;
        wheel_arm(&wheel, &clock.entry, 0);
        wheel_turn(&wheel, pause);
        assert_int_equal(clock.fired, 1);
        assert_int_equal(clock.fired_at, pause);
        wheel_turn(&wheel, pause + 10);
        assert_int_equal(clock.fired, 1);
        wheel_turn(&wheel, pause + 11);
        assert_int_equal(clock.fired, 2);
        wheel_disarm(&clock.entry);
    }
}

static void time_that_stands_still_or_goes_back_fires_nothing(void **state) {
    (void)state;
    struct wheel wheel;
    wheel_init(&wheel);
    struct alarm_clock clock = clock_of(&wheel);
    wheel_turn(&wheel, 50);
    wheel_arm(&wheel, &clock.entry, 3);
    wheel_turn(&wheel, 50);
    wheel_turn(&wheel, 10);
    assert_int_equal(wheel.now, 50);
    assert_int_equal(clock.fired, 0);
    wheel_turn(&wheel, 54);
    assert_int_equal(clock.fired, 1);
}

/* Some ring this second, as many others 64 seconds later: each in the time of one. */
static void firing_costs_the_same_however_many_there_are(void **state) {
    (void)state;
    enum { MANY = 40000, LATER = WHEEL_SLOTS };
    struct wheel wheel;
    wheel_init(&wheel);
    struct alarm_clock *clocks = calloc(2 * MANY, sizeof *clocks);
    for (int i = 0; i < 2 * MANY; i++) {
        clocks[i] = clock_of(&wheel);
        wheel_arm(&wheel, &clocks[i].entry, i < MANY ? 1 : 1 + LATER);
    }
    clock_t began = clock();
    wheel_turn(&wheel, wheel.now + 2);
    assert_true(clock() - began < CLOCKS_PER_SEC);
    for (int i = 0; i < 2 * MANY; i++) {
        assert_int_equal(clocks[i].fired, i < MANY);
    }
    free(clocks);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deadline_fires_once_and_in_time),
        cmocka_unit_test(a_deadline_fires_second_by_second_too),
        cmocka_unit_test(arming_anew_forgets_the_old_deadline),
        cmocka_unit_test(what_is_disarmed_does_not_fire),
        cmocka_unit_test(whoever_rings_may_arm_itself_again),
        cmocka_unit_test(whoever_rings_may_disarm_its_neighbours),
        cmocka_unit_test(all_that_fell_due_in_a_pause_fires_at_once),
        cmocka_unit_test(who_arms_itself_again_after_a_pause_rings_once),
        cmocka_unit_test(time_that_stands_still_or_goes_back_fires_nothing),
        cmocka_unit_test(firing_costs_the_same_however_many_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
