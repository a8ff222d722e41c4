/*
 * devices: what is published about a user reaches each connection that it concerns.
 */
#include "client_bench.h"

static void a_session_that_is_revoked_is_closed(void **state) {
    (void)state;
    sign_in();
    user_event("{\"type\":\"revoked\",\"session\":\"s2\"}");
    assert_hears("");
    user_event("{\"type\":\"revoked\",\"session\":\"\",\"spared\":\"s1\"}");
    assert_hears("");
    user_event("{\"type\":\"revoked\",\"session\":\"s1\"}");
    assert_hears("close 4401");
}

static void all_sessions_but_one_can_be_revoked(void **state) {
    (void)state;
    sign_in();
    user_event("{\"type\":\"revoked\",\"session\":\"\",\"spared\":\"s2\"}");
    assert_hears("close 4401");
}

static void a_room_joined_elsewhere_is_joined_here(void **state) {
    (void)state;
    session.rooms_count = 1;
    ask_with_bearer();
    subscribe_user();
    settle();
    heard_answer(&heard);
    assert_hears("{\"type\":\"welcome\"");
    user_event("{\"type\":\"joined\",\"room\":\"b\",\"seq\":10}");
    assert_hears("{\"type\":\"joined\",\"room\":\"b\",\"seq\":10}");
    assert_hears("{\"type\":\"message\",\"seq\":10,");
    user_event("{\"type\":\"joined\",\"room\":\"b\",\"seq\":10}");
    assert_hears("");
}

static void a_room_left_elsewhere_is_left_here(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    user_event("{\"type\":\"left\",\"room\":\"b\"}");
    assert_hears("{\"type\":\"left\",\"room\":\"b\"}");
    fake_append(1);
    assert_hears("");
    fake_append(0);
    assert_hears("{\"type\":\"message\",\"seq\":11,");
}

static void what_changed_while_nobody_listened_is_made_up_for(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    session.rooms_count = 1;
    devices_on_subscribed(user_find(&users, "anna"));
    assert_hears("{\"type\":\"left\",\"room\":\"b\"}");
    session.error = SC_UNAUTHENTICATED;
    devices_on_subscribed(user_find(&users, "anna"));
    assert_hears("close 4401");
}

static void a_mention_comes_also_of_a_room_that_is_muted(void **state) {
    (void)state;
    static const char mention[] = "{\"type\":\"mention\",\"room\":\"a\",\"seq\":3,\"from\":{}}";
    sign_in();
    say("{\"type\":\"unsubscribe\",\"rooms\":[\"a\",\"b\"]}");
    user_event(mention);
    assert_hears(mention);
    user_event("{\"type\":\"mention\",\"seq\":3}");
    user_event("{\"type\":\"mention\",\"room\":\"a\"}");
    assert_hears("");
}

/* Whatever else is dropped and read from the log again. */
static void a_mention_is_not_dropped_from_a_full_queue(void **state) {
    (void)state;
    static const char mention[] = "{\"type\":\"mention\",\"room\":\"a\",\"seq\":3,\"from\":{}}";
    bench.settings.push_queue_bytes = 4096;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    for (int i = 0; i < 300; i++) {
        fake_append(0);
        assert_true(fake_settle(&rooms));
        bench_turn(&bench);
    }
    assert_false(conn_has_room(user_find(&users, "anna")->clients.lh_first->conn));
    user_event(mention);
    unsigned mentions = 0, messages = 0;
    const char *got;
    while (*(got = hear()) != '\0') {
        mentions += strcmp(got, mention) == 0;
        messages += strncmp(got, "{\"type\":\"message\"", 17) == 0;
    }
    assert_int_equal(mentions, 1);
    assert_int_equal(messages, 300);
}

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_session_that_is_revoked_is_closed),
        TEST(all_sessions_but_one_can_be_revoked),
        TEST(a_room_joined_elsewhere_is_joined_here),
        TEST(a_room_left_elsewhere_is_left_here),
        TEST(what_changed_while_nobody_listened_is_made_up_for),
        TEST(a_mention_comes_also_of_a_room_that_is_muted),
        TEST(a_mention_is_not_dropped_from_a_full_queue),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
