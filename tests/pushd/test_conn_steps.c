/*
 * conn_steps: what an open connection makes of what it is sent, and of silence.
 */
#include "one_conn.h"

static void a_text_byte_by_byte_is_heard_once(void **state) {
    (void)state;
    unsigned char wire[64];
    open_conn();
    size_t count = masked_frame(wire, 0x81, "hello", 5);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(risen.texts, 0);
        peer_send(peer, wire + i, 1);
        bench_turn(&bench);
    }
    assert_int_equal(risen.texts, 1);
    assert_string_equal(risen.text, "hello");
    assert_null(conn->inbox.kept);
}

static void a_ping_is_answered_with_what_it_said(void **state) {
    (void)state;
    open_conn();
    peer_say(peer, 0x89, "are you there?", 14);
    assert_true(hear_frame());
    assert_int_equal(first, 0x8a);
    assert_string_equal(payload, "are you there?");
    peer_say(peer, 0x8a, "unasked", 7);
    assert_false(hear_frame());
    assert_int_equal(conn->state, CONN_OPEN);
}

static void too_many_frames_in_a_second_are_too_many(void **state) {
    (void)state;
    open_conn();
    for (int second = 0; second < 3; second++) {
        for (int i = 0; i < 20; i++) {
            peer_say(peer, 0x81, "x", 1);
        }
        hear();
        assert_int_equal(conn->state, CONN_OPEN);
        bench_pass(&bench, 1);
    }
    for (int i = 0; i < 21; i++) {
        peer_say(peer, i % 2 == 0 ? 0x8a : 0x81, "", 0);
    }
    assert_close(4429, "rate_limited");
}

static const struct {
    unsigned first;
    const char *payload;
    size_t bytes;
    unsigned code;
} faults[] = {
    {0x83, "", 0, 1002},         {0x80, "", 0, 1002},
    {0xc1, "", 0, 1002},         {0x82, "bin", 3, 1003},
    {0x81, "\xff", 1, 1007},     {0x88, "\x03", 1, 1002},
    {0x88, "\x03\xed", 2, 1002}, {0x88, "\x03\xe8\xff", 3, 1007},
};

static void what_is_not_legal_is_closed_with_its_code(void **state) {
    for (size_t i = 0; i < ROWS(faults); i++) {
        if (i > 0) {
            set_up(state);
        }
        open_conn();
        peer_say(peer, faults[i].first, faults[i].payload, faults[i].bytes);
        assert_true(hear_frame());
        assert_int_equal(first, 0x88);
        assert_int_equal((unsigned char)payload[0] << 8 | (unsigned char)payload[1],
                         faults[i].code);
        assert_int_equal(risen.gone, 1);
        peer_say(peer, 0x81, "noise", 5);
        bench_pass(&bench, 4);
        assert_gone();
        if (i + 1 < ROWS(faults)) {
            tear_down(state);
        }
    }
}

static void a_message_too_long_is_refused_before_it_came(void **state) {
    (void)state;
    static const unsigned char head[] = {0x81, 0xfe, 0x10, 0x01, 1, 2, 3, 4};
    open_conn();
    peer_send(peer, head, sizeof head);
    assert_close(1009, "too_large");
}

static void a_request_that_does_not_come_is_not_waited_for(void **state) {
    (void)state;
    peer_send(peer, BENCH_HEAD, 30);
    bench_pass(&bench, 5);
    peer_send(peer, &BENCH_HEAD[30], 1);
    bench_pass(&bench, 5);
    assert_int_equal(conn->state, CONN_HEAD);
    bench_pass(&bench, 1);
    assert_answer("HTTP/1.1 408 ");
    bench_pass(&bench, 4);
    assert_gone();
}

static void silence_from_one_ping_to_the_next_closes(void **state) {
    (void)state;
    open_conn();
    bench_pass(&bench, 11);
    assert_true(hear_frame());
    assert_int_equal(first, 0x89);
    bench_pass(&bench, 10);
    assert_int_equal(conn->state, CONN_OPEN);
    bench_pass(&bench, 1);
    assert_close(4408, "no_pong");
}

static void whoever_answers_pings_stays(void **state) {
    (void)state;
    open_conn();
    for (int i = 0; i < 10; i++) {
        bench_pass(&bench, 11);
        assert_true(hear_frame());
        assert_int_equal(first, 0x89);
        peer_say(peer, 0x8a, "", 0);
        bench_turn(&bench);
    }
    assert_int_equal(conn->state, CONN_OPEN);
}

/* Or it would find all pings, and answer them, when it reads again. */
static void whoever_speaks_and_does_not_answer_is_pinged_once(void **state) {
    (void)state;
    open_conn();
    for (int i = 0; i < 10; i++) {
        bench_pass(&bench, 10);
        peer_say(peer, i % 2 == 0 ? 0x8a : 0x81, "x", 1);
        bench_turn(&bench);
    }
    assert_true(hear_frame());
    assert_int_equal(first, 0x89);
    assert_false(hear_frame());
    assert_int_equal(conn->state, CONN_OPEN);
    peer_say(peer, 0x8a, "", 0);
    bench_pass(&bench, 11);
    assert_true(hear_frame());
    assert_int_equal(first, 0x89);
}

static void nobody_is_thrown_out_because_the_server_slept(void **state) {
    (void)state;
    open_conn();
    wheel_turn(&bench.wheel, bench.wheel.now + 300);
    bench_turn(&bench);
    assert_int_equal(conn->state, CONN_OPEN);
    assert_true(hear_frame());
    assert_int_equal(first, 0x89);
    peer_say(peer, 0x8a, "", 0);
    bench_pass(&bench, 11);
    assert_int_equal(conn->state, CONN_OPEN);
}

static void a_timer_fires_once_between_pings(void **state) {
    (void)state;
    open_conn();
    conn_set_timer(conn, 3);
    bench_pass(&bench, 3);
    assert_int_equal(risen.timers, 0);
    bench_pass(&bench, 1);
    assert_int_equal(risen.timers, 1);
    bench_pass(&bench, 7);
    assert_int_equal(risen.timers, 1);
    assert_true(hear_frame());
    assert_int_equal(first, 0x89);
}

static void a_timer_set_before_the_answer_counts_too(void **state) {
    (void)state;
    risen.later = true;
    peer_send(peer, BENCH_HEAD, strlen(BENCH_HEAD));
    bench_turn(&bench);
    conn_set_timer(conn, 1);
    welcome(conn);
    bench_pass(&bench, 2);
    assert_int_equal(risen.timers, 1);
    conn_set_timer(conn, 1);
    conn_set_timer(conn, 0);
    bench_pass(&bench, 5);
    assert_int_equal(risen.timers, 1);
}

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_text_byte_by_byte_is_heard_once),
        TEST(a_ping_is_answered_with_what_it_said),
        TEST(too_many_frames_in_a_second_are_too_many),
        TEST(what_is_not_legal_is_closed_with_its_code),
        TEST(a_message_too_long_is_refused_before_it_came),
        TEST(a_request_that_does_not_come_is_not_waited_for),
        TEST(silence_from_one_ping_to_the_next_closes),
        TEST(whoever_answers_pings_stays),
        TEST(whoever_speaks_and_does_not_answer_is_pinged_once),
        TEST(nobody_is_thrown_out_because_the_server_slept),
        TEST(a_timer_fires_once_between_pings),
        TEST(a_timer_set_before_the_answer_counts_too),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
