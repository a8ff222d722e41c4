/*
 * client_commands: what a client says, and what it gets for it.
 */
#include "client_bench.h"

static void whoever_resumes_gets_what_is_missing(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{\"a\":8}}");
    assert_hears("{\"type\":\"message\",\"seq\":9,");
    assert_hears("{\"type\":\"message\",\"seq\":10,");
    assert_hears("{\"type\":\"caught_up\",\"room\":\"a\",\"seq\":10}");
    fake_append(1);
    assert_hears("{\"type\":\"message\",\"seq\":11,");
    assert_hears("");
}

static void a_room_is_resumed_once(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{\"a\":9}}");
    assert_hears("{\"type\":\"message\",\"seq\":10,");
    assert_hears("{\"type\":\"caught_up\",");
    say("{\"type\":\"resume\",\"cursors\":{\"a\":2}}");
    assert_hears("");
}

static void a_room_that_is_not_ones_own_is_not_found(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{\"secret\":0}}");
    assert_hears("{\"type\":\"error\",\"code\":\"not_found\"");
}

static void nonsense_is_answered_and_pings_are_too(void **state) {
    (void)state;
    sign_in();
    say("nonsense");
    assert_hears("{\"type\":\"error\",\"code\":\"bad_json\"");
    say("{\"type\":\"dance\"}");
    assert_hears("{\"type\":\"error\",\"code\":\"invalid\"");
    say("{\"type\":\"ping\",\"id\":\"7\"}");
    assert_hears("{\"type\":\"pong\",\"id\":\"7\"}");
}

static void the_first_subscribe_narrows_and_the_next_adds(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    say("{\"type\":\"subscribe\",\"rooms\":[\"b\"]}");
    assert_hears("{\"type\":\"caught_up\",\"room\":\"b\",\"seq\":10}");
    fake_append(0);
    assert_hears("");
    say("{\"type\":\"subscribe\",\"rooms\":[\"a\"]}");
    assert_hears("{\"type\":\"caught_up\",\"room\":\"a\",\"seq\":11}");
    fake_append(1);
    assert_hears("{\"type\":\"message\",\"seq\":11,");
}

static void typing_is_passed_on_now_and_then_and_only_from_members(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"typing\",\"room\":\"a\"}");
    say("{\"type\":\"typing\",\"room\":\"a\"}");
    assert_int_equal(published.count, 1);
    assert_string_equal(published.channel, "a of anna");
    assert_non_null(strstr(published.text, "{\"id\":\"anna\"}"));
    bench_pass(&bench, 2);
    say("{\"type\":\"typing\",\"room\":\"a\"}");
    assert_int_equal(published.count, 2);
    bench_pass(&bench, 2);
    say("{\"type\":\"typing\",\"room\":\"secret\"}");
    assert_int_equal(published.count, 2);
    assert_hears("{\"type\":\"error\",\"code\":\"not_found\"");
}

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(whoever_resumes_gets_what_is_missing),
        TEST(a_room_is_resumed_once),
        TEST(a_room_that_is_not_ones_own_is_not_found),
        TEST(nonsense_is_answered_and_pings_are_too),
        TEST(the_first_subscribe_narrows_and_the_next_adds),
        TEST(typing_is_passed_on_now_and_then_and_only_from_members),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
