/*
 * user: who has gone is offline after a while, unless they come back.
 */
#include "client_bench.h"

static void who_has_gone_goes_offline_after_the_grace(void **state) {
    (void)state;
    sign_in();
    hang_up();
    bench_pass(&bench, GRACE_SECONDS);
    assert_int_equal(told.leaves, 0);
    bench_pass(&bench, 2);
    assert_int_equal(told.leaves, 1);
    assert_int_equal(told.last, 1);
    assert_non_null(user_find(&users, "anna"));
    fake_leave(SC_OK, true);
    assert_null(user_find(&users, "anna"));
    bench_turn(&bench);
    assert_int_equal(told.removes, 1);
}

static void who_comes_back_within_the_grace_was_not_away(void **state) {
    (void)state;
    sign_in();
    hang_up();
    bench_pass(&bench, GRACE_SECONDS - 1);
    come_back();
    bench_pass(&bench, GRACE_SECONDS);
    assert_int_equal(told.leaves, 0);
}

/* Redis takes the two in this order, or, having lost a script, in the other: `last` makes it safe.
 */
static void who_comes_back_while_redis_is_told_stays(void **state) {
    (void)state;
    sign_in();
    hang_up();
    bench_pass(&bench, GRACE_SECONDS + 2);
    assert_int_equal(told.last, 1);
    come_back();
    assert_int_equal(session.number, 2);
    fake_leave(SC_OK, true);
    assert_non_null(user_find(&users, "anna"));
    hang_up();
    bench_pass(&bench, GRACE_SECONDS + 2);
    assert_int_equal(told.leaves, 2);
    assert_int_equal(told.last, 2);
}

static void who_could_not_be_said_to_have_gone_is_said_so_again(void **state) {
    (void)state;
    sign_in();
    hang_up();
    bench_pass(&bench, GRACE_SECONDS + 2);
    fake_leave(SC_UNAVAILABLE, false);
    assert_non_null(user_find(&users, "anna"));
    bench_pass(&bench, 7);
    assert_int_equal(told.leaves, 2);
    fake_leave(SC_OK, true);
    assert_null(user_find(&users, "anna"));
}

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(who_has_gone_goes_offline_after_the_grace),
        TEST(who_comes_back_within_the_grace_was_not_away),
        TEST(who_comes_back_while_redis_is_told_stays),
        TEST(who_could_not_be_said_to_have_gone_is_said_so_again),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
