/* push_verdict: what a push service's answer comes to. */
#include "suite.h"

#include "push_verdict.h"

static const struct {
    long status;
    enum push_end end;
} ends[] = {
    {0, PUSH_AGAIN},   {200, PUSH_SENT},  {201, PUSH_SENT}, {202, PUSH_SENT},  {301, PUSH_LOST},
    {307, PUSH_LOST},  {400, PUSH_LOST},  {401, PUSH_LOST}, {403, PUSH_LOST},  {404, PUSH_GONE},
    {408, PUSH_AGAIN}, {410, PUSH_GONE},  {413, PUSH_LOST}, {429, PUSH_AGAIN}, {500, PUSH_AGAIN},
    {503, PUSH_AGAIN}, {599, PUSH_AGAIN}, {600, PUSH_LOST}, {100, PUSH_LOST},
};

static void each_status_has_its_end(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(ends); i++) {
        int64_t after_ms;
        assert_int_equal(push_verdict(ends[i].status, 0, 0, 0, &after_ms), ends[i].end);
    }
}

static void pauses_double_up_to_an_hour(void **state) {
    (void)state;
    int64_t after_ms, before_ms = 0;
    for (int tries = 0; tries < PUSH_TRIES_MAX; tries++) {
        push_verdict(500, tries, 0, 255, &after_ms);
        assert_true(after_ms == before_ms * 2 || before_ms == 0 || after_ms == 60 * 60 * 1000);
        before_ms = after_ms;
    }
    push_verdict(500, 0, 0, 0, &after_ms);
    assert_int_equal(after_ms, 500);
    push_verdict(500, 1000, 0, 255, &after_ms);
    assert_int_equal(after_ms, 60 * 60 * 1000);
}

static void who_asks_for_more_patience_gets_it_but_for_no_more_than_a_day(void **state) {
    (void)state;
    int64_t after_ms;
    push_verdict(429, 0, 120, 0, &after_ms);
    assert_int_equal(after_ms, 120000);
    push_verdict(429, 0, INT64_MAX, 0, &after_ms);
    assert_int_equal(after_ms, 24 * 60 * 60 * 1000);
    push_verdict(429, 5, 1, 255, &after_ms);
    assert_int_equal(after_ms, 32000);
}

static void it_is_given_up_in_the_end(void **state) {
    (void)state;
    int64_t after_ms;
    assert_int_equal(push_verdict(500, PUSH_TRIES_MAX - 2, 0, 0, &after_ms), PUSH_AGAIN);
    assert_int_equal(push_verdict(500, PUSH_TRIES_MAX - 1, 0, 0, &after_ms), PUSH_LOST);
    assert_int_equal(push_verdict(201, PUSH_TRIES_MAX - 1, 0, 0, &after_ms), PUSH_SENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_status_has_its_end),
        cmocka_unit_test(pauses_double_up_to_an_hour),
        cmocka_unit_test(who_asks_for_more_patience_gets_it_but_for_no_more_than_a_day),
        cmocka_unit_test(it_is_given_up_in_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
