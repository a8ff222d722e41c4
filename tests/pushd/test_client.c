/*
 * client: from `welcome` on, while its session holds.
 */
#include "client_bench.h"

static void whoever_says_nothing_is_live_after_a_second(void **state) {
    (void)state;
    sign_in();
    fake_append(0);
    assert_hears("");
    bench_pass(&bench, 2);
    assert_hears("{\"type\":\"message\",\"seq\":11,");
}

/* More in each room than the queue holds: whoever drains serves both. */
static void two_rooms_of_much_more_than_a_queue_arrive(void **state) {
    (void)state;
    for (int i = 0; i < 600; i++) {
        fake_append(i % 2);
    }
    ask_with_bearer();
    subscribe_user();
    settle();
    heard_answer(&heard);
    assert_welcome(310, 310);
    say("{\"type\":\"resume\",\"cursors\":{\"a\":0,\"b\":0}}");
    uint64_t next[FAKE_ROOMS] = {1, 1};
    const char *got;
    while (*(got = hear()) != '\0') {
        struct sc_event_head head;
        int room = strstr(got, "\"room\":\"a\"") != NULL ? 0 : 1;
        assert_true(sc_event_peek(got, strlen(got), &head));
        if (head.type == SC_EVENT_MESSAGE) {
            assert_int_equal(head.seq, next[room]++);
        }
    }
    assert_int_equal(next[0], 311);
    assert_int_equal(next[1], 311);
}

static void a_session_is_looked_at_again_half_way_to_its_end(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    session.error = SC_UNAUTHENTICATED;
    for (int i = 0; i < 1810 && session.asked == 1; i++) {
        bench_pass(&bench, 1);
        peer_say(peer, 0x8a, "", 0);
    }
    assert_int_equal(session.asked, 2);
}

static void a_connection_is_noted_with_its_session_and_given_back_when_it_ends(void **state) {
    (void)state;
    bench.settings.limits_connections_per_user = 7;
    sign_in();
    assert_int_equal(session.number, 1);
    assert_int_equal(session.most, 7);
    assert_int_equal(told.adds, 1);
    assert_string_equal(told.user, "anna");
    hang_up();
    assert_int_equal(told.conn_ends, 1);
    assert_int_equal(told.ended, 1);
    come_back();
    assert_int_equal(session.number, 2);
    assert_int_equal(told.adds, 1);
}

static void who_is_looked_at_again_is_never_one_too_many(void **state) {
    (void)state;
    sign_in();
    devices_on_subscribed(user_find(&users, "anna"));
    assert_int_equal(session.asked, 2);
    assert_int_equal(session.number, 1);
    assert_int_equal(session.most, 0);
}

/* What was asked under the old node may be answered under the new one. */
static void a_new_node_notes_those_too_who_are_being_let_in(void **state) {
    (void)state;
    session.later = true;
    ask_with_bearer();
    subscribe_user();
    fake_beat(true, "", "");
    session.later = false;
    answer_session();
    settle();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    bench_pass(&bench, 3);
    assert_int_equal(session.asked, 2);
    hang_up();
    assert_int_equal(told.conn_ends, 1);
}

static void a_new_node_notes_everybody_again_and_takes_back_nothing_of_the_old(void **state) {
    (void)state;
    char before[SC_ID_MAX + 1];
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    strcpy(before, node.id);
    fake_beat(true, "", "");
    assert_string_not_equal(node.id, before);
    assert_string_equal(told.predecessor, before);
    hang_up();
    assert_int_equal(told.conn_ends, 0);
    come_back();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    fake_beat(true, "", "");
    bench_pass(&bench, 3);
    assert_int_equal(session.asked, 3);
    hang_up();
    assert_int_equal(told.conn_ends, 1);
}

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(whoever_says_nothing_is_live_after_a_second),
        TEST(two_rooms_of_much_more_than_a_queue_arrive),
        TEST(a_session_is_looked_at_again_half_way_to_its_end),
        TEST(a_connection_is_noted_with_its_session_and_given_back_when_it_ends),
        TEST(who_is_looked_at_again_is_never_one_too_many),
        TEST(a_new_node_notes_everybody_again_and_takes_back_nothing_of_the_old),
        TEST(a_new_node_notes_those_too_who_are_being_let_in),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
