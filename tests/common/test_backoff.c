/*
 * backoff: longer pauses up to a bound, no two alike.
 */
#include "suite.h"

#include <stonechat/backoff.h>

static void pauses_grow_to_the_bound_and_begin_anew(void **state) {
    (void)state;
    static const unsigned spans[] = {50, 100, 200, 300, 300, 300};
    struct sc_backoff backoff = {.first_ms = 50, .most_ms = 300};
    for (int round = 0; round < 100; round++) {
        for (size_t i = 0; i < ROWS(spans); i++) {
            assert_in_range(sc_backoff_next(&backoff), spans[i] / 2, spans[i]);
        }
        sc_backoff_reset(&backoff);
    }
}

static void those_who_wait_for_the_same_come_at_different_times(void **state) {
    (void)state;
    bool seen[1001] = {false};
    size_t different = 0;
    for (int i = 0; i < 200; i++) {
        struct sc_backoff backoff = {.first_ms = 1000, .most_ms = 1000};
        unsigned pause = sc_backoff_next(&backoff);
        different += !seen[pause];
        seen[pause] = true;
    }
    assert_true(different > 100); /* of 501: about 165 */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pauses_grow_to_the_bound_and_begin_anew),
        cmocka_unit_test(those_who_wait_for_the_same_come_at_different_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
