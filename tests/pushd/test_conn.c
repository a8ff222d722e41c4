/*
 * conn: connections over real sockets, from their request to their last byte.
 */
#include "one_conn.h"

static void a_request_that_dribbles_is_answered_once(void **state) {
    (void)state;
    for (const char *at = BENCH_HEAD; *at != '\0'; at++) {
        assert_int_equal(risen.requests, 0);
        peer_send(peer, at, 1);
        bench_turn(&bench);
    }
    assert_int_equal(risen.requests, 1);
    hear();
    assert_int_equal(strncmp((char *)heard.bytes, "HTTP/1.1 101 ", 13), 0);
    heard_answer(&heard);
    assert_true(hear_frame());
    assert_string_equal(payload, "welcome");
}

static void send_head_with_more(void) {
    unsigned char wire[1024];
    size_t count = strlen(BENCH_HEAD);
    memcpy(wire, BENCH_HEAD, count);
    count += masked_frame(wire + count, 0x89, "early", 5);
    count += masked_frame(wire + count, 0x81, "hello", 5);
    count += masked_frame(wire + count, 0x01, "hel", 3);
    peer_send(peer, wire, count);
    bench_turn(&bench);
}

static void assert_more_was_heard(void) {
    hear();
    heard_answer(&heard);
    assert_true(hear_frame());
    assert_string_equal(payload, "welcome");
    assert_true(hear_frame());
    assert_int_equal(first, 0x8a);
    assert_string_equal(payload, "early");
    assert_int_equal(risen.texts, 1);
    peer_say(peer, 0x80, "lo!", 3);
    bench_turn(&bench);
    assert_int_equal(risen.texts, 2);
    assert_string_equal(risen.text, "hello!");
}

static void frames_behind_the_head_are_heard(void **state) {
    (void)state;
    send_head_with_more();
    assert_more_was_heard();
}

static void frames_that_came_before_the_answer_are_heard(void **state) {
    (void)state;
    risen.later = true;
    send_head_with_more();
    assert_int_equal(conn->state, CONN_ASKING);
    assert_int_equal(risen.texts, 0);
    welcome(conn);
    assert_more_was_heard();
}

static void nothing_is_read_while_redis_is_asked(void **state) {
    (void)state;
    static unsigned char noise[8192];
    risen.later = true;
    peer_send(peer, BENCH_HEAD, strlen(BENCH_HEAD));
    bench_turn(&bench);
    peer_send(peer, noise, sizeof noise);
    bench_turn(&bench);
    assert_int_equal(conn->state, CONN_ASKING);
    assert_int_equal(conn->inbox.kept_bytes, 0);
    welcome(conn);
    bench_turn(&bench);
    assert_int_equal(risen.gone, 1);
}

static void a_bad_request_is_answered_and_let_go(void **state) {
    (void)state;
    peer_send(peer, "BREW /tea\r\n\r\nmore", 17);
    assert_answer("HTTP/1.1 400 ");
    assert_true(heard.closed);
    assert_int_equal(risen.requests, 0);
    bench_pass(&bench, 4);
    assert_gone();
}

static void a_reply_other_than_101_ends_it(void **state) {
    (void)state;
    risen.later = true;
    peer_send(peer, BENCH_HEAD, strlen(BENCH_HEAD));
    bench_turn(&bench);
    char *text = handshake_health(true);
    conn_reply(conn, &text);
    assert_null(text);
    assert_answer("HTTP/1.1 200 ");
    assert_true(heard.closed);
    shutdown(peer, SHUT_WR);
    assert_gone();
}

static void what_is_broken_right_behind_the_head_is_refused_after_the_answer(void **state) {
    (void)state;
    static const char bytes[] = BENCH_HEAD "GET / HTTP/1.1\r\n\r\n";
    peer_send(peer, bytes, sizeof bytes - 1);
    hear();
    heard_answer(&heard);
    assert_close(1002, "protocol_error");
}

static void who_floods_on_after_the_close_is_not_waited_for(void **state) {
    (void)state;
    static unsigned char pings[6 * 8192];
    for (size_t i = 0; i < sizeof pings; i += 6) {
        masked_frame(pings + i, 0x89, "", 0);
    }
    open_conn();
    conn_close(conn, SC_RATE_LIMITED, NULL);
    assert_close(4429, "rate_limited");
    for (int i = 0; i < 100 && bench.set.count > 0; i++) {
        (void)!send(peer, pings, sizeof pings, MSG_NOSIGNAL | MSG_DONTWAIT);
        bench_turn(&bench);
        assert_true(i > 10 || bench.set.count == 1);
    }
    assert_int_equal(bench.set.count, 0);
}

static void an_answer_that_comes_too_late_is_dropped(void **state) {
    (void)state;
    risen.later = true;
    peer_send(peer, BENCH_HEAD, strlen(BENCH_HEAD));
    bench_pass(&bench, 7);
    assert_int_equal(risen.gone, 1);
    welcome(conn);
    assert_answer("HTTP/1.1 503 ");
}

static void the_peers_close_is_answered_with_its_code(void **state) {
    (void)state;
    open_conn();
    peer_say(peer, 0x88,
             "\x0f\xa0"
             "bye",
             5);
    peer_say(peer, 0x81, "too late", 8);
    assert_close(4000, "");
    assert_int_equal(risen.gone, 1);
    assert_int_equal(risen.texts, 0);
    assert_gone();
}

static void a_close_without_code_is_answered_without(void **state) {
    (void)state;
    open_conn();
    peer_say(peer, 0x88, "", 0);
    assert_true(hear_frame());
    assert_int_equal(first, 0x88);
    assert_int_equal(payload_bytes, 0);
    assert_gone();
}

static void our_close_waits_for_the_peers(void **state) {
    (void)state;
    open_conn();
    send_entry(1);
    conn_close(conn, SC_RESTARTING, "{\"retry_ms\":500}");
    assert_int_equal(risen.gone, 1);
    assert_close(1012, "{\"retry_ms\":500}");
    assert_false(heard.closed);
    assert_int_equal(conn->state, CONN_LINGER);
    peer_say(peer, 0x81, "still talking", 13);
    bench_turn(&bench);
    assert_int_equal(risen.texts, 0);
    peer_say(peer, 0x88, "\x03\xf4", 2);
    assert_gone();
}

static void a_peer_that_never_closes_is_not_waited_for(void **state) {
    (void)state;
    open_conn();
    conn_close(conn, SC_SESSION_ENDED, NULL);
    assert_close(4401, "session_ended");
    bench_pass(&bench, 2);
    assert_int_equal(conn->state, CONN_LINGER);
    bench_pass(&bench, 1);
    assert_gone();
}

static void last_words_that_do_not_fit_are_not_waited_for(void **state) {
    (void)state;
    open_conn();
    fill_up();
    conn_close(conn, SC_SESSION_ENDED, NULL);
    bench_turn(&bench);
    assert_int_equal(conn->state, CONN_CLOSING);
    bench_pass(&bench, 3);
    assert_int_equal(bench.set.count, 0);
    hear();
    assert_gone();
}

static void closing_twice_says_it_once(void **state) {
    (void)state;
    open_conn();
    conn_close(conn, SC_SESSION_ENDED, NULL);
    conn_close(conn, SC_RESTARTING, NULL);
    assert_false(conn_has_room(conn));
    send_entry(1);
    assert_close(4401, "session_ended");
    assert_false(hear_frame());
    assert_int_equal(risen.gone, 1);
}

static void whoever_hangs_up_is_gone_in_any_state(void **state) {
    for (int step = 0; step < 4; step++) {
        if (step > 0) {
            set_up(state);
        }
        if (step == 1) {
            peer_send(peer, BENCH_HEAD, 20);
        } else if (step >= 2) {
            open_conn();
        }
        if (step == 3) {
            conn_close(conn, SC_SESSION_ENDED, NULL);
        }
        bench_turn(&bench);
        close(peer);
        bench_turn(&bench);
        assert_int_equal(bench.set.count, 0);
        assert_int_equal(risen.gone, step >= 2 ? 1 : 0);
        if (step < 3) {
            bench_deinit(&bench);
        }
    }
    peer = -1;
}

static unsigned freed;

static void on_room(void *context) {
    assert_ptr_equal(context, &bench);
    freed++;
}

static void a_descriptor_that_is_free_is_told(void **state) {
    (void)state;
    freed = 0;
    bench.set.on_room = on_room;
    bench.set.context = &bench;
    open_conn();
    shutdown(peer, SHUT_RDWR);
    bench_turn(&bench);
    assert_int_equal(freed, 1);
    bench.set.on_room = NULL;
}

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_request_that_dribbles_is_answered_once),
        TEST(frames_behind_the_head_are_heard),
        TEST(frames_that_came_before_the_answer_are_heard),
        TEST(nothing_is_read_while_redis_is_asked),
        TEST(a_bad_request_is_answered_and_let_go),
        TEST(a_reply_other_than_101_ends_it),
        TEST(what_is_broken_right_behind_the_head_is_refused_after_the_answer),
        TEST(who_floods_on_after_the_close_is_not_waited_for),
        TEST(an_answer_that_comes_too_late_is_dropped),
        TEST(the_peers_close_is_answered_with_its_code),
        TEST(a_close_without_code_is_answered_without),
        TEST(our_close_waits_for_the_peers),
        TEST(a_peer_that_never_closes_is_not_waited_for),
        TEST(last_words_that_do_not_fit_are_not_waited_for),
        TEST(closing_twice_says_it_once),
        TEST(whoever_hangs_up_is_gone_in_any_state),
        TEST(a_descriptor_that_is_free_is_told),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
