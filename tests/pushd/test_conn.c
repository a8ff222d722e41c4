/*
 * conn: connections over real sockets, from their request to their last byte.
 */
#include "suite.h"

#include "conn_bench.h"
#include "metrics.h"

/* What rose, and what a test wants to happen then. */
static struct {
    unsigned requests, texts, timers, drops, drains, gone;
    bool had_room; /* when it had drained */
    char text[SC_CLIENT_FRAME_MAX + 1];
    uint64_t first_dropped, last_dropped;
    bool later; /* the answer to a request comes later */
} risen;

static int somebody;

static void welcome(struct conn *conn) {
    struct handshake request = {.key = {"dGhlIHNhbXBsZSBub25jZQ==", 24}};
    char *answer = handshake_accept(&request);
    struct frame *first = frame_text(FRAME_CONTROL, "welcome", 7);
    conn_accept(conn, &answer, first);
    assert_null(answer);
    frame_unref(&first);
}

static void on_request(struct conn *conn, const struct handshake *request) {
    risen.requests++;
    assert_int_equal(request->key.bytes, 24);
    conn->client = (struct client *)&somebody;
    if (!risen.later) {
        welcome(conn);
    }
}

static void on_text(struct conn *conn, const char *text, size_t bytes) {
    (void)conn;
    risen.texts++;
    memcpy(risen.text, text, bytes);
    risen.text[bytes] = '\0';
}

static void on_timer(struct conn *conn) {
    (void)conn;
    risen.timers++;
}

static void on_dropped(struct conn *conn, const struct frame *frame) {
    (void)conn;
    if (risen.drops++ == 0) {
        risen.first_dropped = frame->head.seq;
    } else {
        assert_int_equal(frame->head.seq, risen.last_dropped + 1);
    }
    risen.last_dropped = frame->head.seq;
}

static void on_drained(struct conn *conn) {
    assert_true(outbox_is_empty(&conn->outbox));
    risen.had_room = conn_has_room(conn);
    risen.drains++;
}

static void on_gone(struct conn *conn) {
    risen.gone++;
    conn->client = NULL;
}

static const struct conn_events events = {on_request, on_text,    on_timer,
                                          on_dropped, on_drained, on_gone};

/* --- a bench with one connection on it --- */

static struct bench bench;
static struct conn *conn;
static int peer;
static struct heard heard;
static unsigned first;
static char payload[1 << 16];
static size_t payload_bytes;

static int set_up(void **state) {
    (void)state;
    memset(&risen, 0, sizeof risen);
    heard.count = 0;
    heard.closed = false;
    bench_init(&bench, &events);
    conn = bench_connect(&bench, &peer);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    bench_deinit(&bench);
    close(peer);
    return 0;
}

static void hear(void) {
    bench_turn(&bench);
    peer_hear(peer, &heard);
    bench_turn(&bench);
}

static bool hear_frame(void) {
    hear();
    return heard_frame(&heard, &first, payload, &payload_bytes);
}

static void open_conn(void) {
    peer_send(peer, BENCH_HEAD, strlen(BENCH_HEAD));
    hear();
    heard_answer(&heard);
    assert_true(hear_frame());
    assert_string_equal(payload, "welcome");
    assert_int_equal(conn->state, CONN_OPEN);
}

static void assert_gone(void) {
    hear();
    assert_true(heard.closed);
    assert_int_equal(bench.set.count, 0);
    assert_true(LIST_EMPTY(&bench.set.all));
    assert_true(LIST_EMPTY(&bench.set.graveyard));
}

static void assert_close(unsigned code, const char *reason) {
    assert_true(hear_frame());
    assert_int_equal(first, 0x88);
    assert_int_equal((unsigned char)payload[0] << 8 | (unsigned char)payload[1], code);
    assert_string_equal(payload + 2, reason);
}

static void assert_answer(const char *status_line) {
    hear();
    if (strncmp((char *)heard.bytes, status_line, strlen(status_line)) != 0) {
        fail_msg("%s", (char *)heard.bytes);
    }
}

/* --- opening --- */

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

/* --- open --- */

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

static void send_entry(uint64_t seq) {
    char json[600];
    const struct sc_event_head head = {SC_EVENT_MESSAGE, seq, seq, seq};
    int bytes = snprintf(json, sizeof json, "%d %0500d", (int)seq, 0);
    struct frame *frame = frame_entry(1, &head, 0, json, (size_t)bytes);
    conn_send(conn, frame);
    frame_unref(&frame);
}

/* Nobody reads: the queue is bounded, and what was dropped is told in order. */
static uint64_t fill_up(void) {
    uint64_t seq = 0;
    while (risen.drops == 0 && seq < 10000) {
        send_entry(++seq);
        bench_turn(&bench);
    }
    assert_int_not_equal(risen.drops, 0);
    assert_false(conn_has_room(conn));
    return seq;
}

static void a_full_queue_is_shed_and_told_when_drained(void **state) {
    (void)state;
    open_conn();
    uint64_t seq = fill_up();
    for (int i = 0; i < 100; i++) {
        send_entry(++seq);
        bench_turn(&bench);
        assert_true(conn->outbox.bytes <= 4096 + 600);
    }
    assert_int_equal(risen.last_dropped, seq);
    assert_int_equal(risen.drains, 0);
    uint64_t next = 1;
    while (hear_frame()) {
        assert_int_equal(first, 0x81);
        assert_int_equal(strtoull(payload, NULL, 10), next++);
    }
    assert_int_equal(heard.count, 0);
    assert_int_equal(next, risen.first_dropped);
    assert_int_equal(risen.drains, 1);
    assert_true(conn_has_room(conn));
    send_entry(next);
    assert_true(hear_frame());
    assert_int_equal(strtoull(payload, NULL, 10), next);
}

static void what_must_arrive_does_though_the_queue_is_full(void **state) {
    (void)state;
    open_conn();
    uint64_t seq = fill_up();
    struct frame *frame = frame_text(FRAME_CONTROL, "listen", 6);
    assert_false(conn_send(conn, frame));
    frame_unref(&frame);
    send_entry(++seq);
    bool found = false;
    while (hear_frame()) {
        assert_false(found);
        found = strcmp(payload, "listen") == 0;
    }
    assert_true(found);
}

static void passing_events_are_dropped_without_a_word(void **state) {
    (void)state;
    open_conn();
    fill_up();
    unsigned drops = risen.drops;
    struct frame *frame = frame_text(FRAME_PASSING, "typing", 6);
    assert_false(conn_send(conn, frame));
    frame_unref(&frame);
    assert_int_equal(risen.drops, drops);
    while (hear_frame()) {
        assert_string_not_equal(payload, "typing");
    }
}

static void a_flood_that_must_arrive_is_hopeless(void **state) {
    (void)state;
    static char json[1024];
    open_conn();
    struct frame *frame = frame_text(FRAME_CONTROL, json, sizeof json);
    for (int i = 0; i < 100; i++) {
        conn_send(conn, frame);
        if (i % 2 == 0) {
            bench_turn(&bench);
        }
        if (risen.gone > 0) {
            break;
        }
        assert_true(conn->outbox.bytes <= 2 * 4096 + 2 * 1100);
    }
    frame_unref(&frame);
    bench_turn(&bench);
    assert_int_equal(risen.gone, 1);
    hear();
    assert_gone();
}

static void await_drain_on_an_empty_queue_is_told_too(void **state) {
    (void)state;
    open_conn();
    conn_await_drain(conn);
    assert_false(conn_has_room(conn));
    bench_turn(&bench);
    assert_int_equal(risen.drains, 1);
    assert_true(conn_has_room(conn));
}

/* It has just shown that it takes what it is sent: nobody would tell it again of what it missed. */
static void who_has_drained_has_room_whatever_waits_for_others(void **state) {
    (void)state;
    open_conn();
    fill_up();
    uint64_t others = (uint64_t)bench.settings.push_queue_total_bytes;
    metric_add(metrics->queue_bytes, others);
    while (hear_frame()) {
    }
    metric_subtract(metrics->queue_bytes, others);
    assert_int_equal(risen.drains, 1);
    assert_true(risen.had_room);
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

/* --- closing --- */

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

/* --- deadlines --- */

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
        TEST(a_request_that_dribbles_is_answered_once),
        TEST(frames_behind_the_head_are_heard),
        TEST(frames_that_came_before_the_answer_are_heard),
        TEST(nothing_is_read_while_redis_is_asked),
        TEST(a_bad_request_is_answered_and_let_go),
        TEST(a_reply_other_than_101_ends_it),
        TEST(an_answer_that_comes_too_late_is_dropped),
        TEST(what_is_broken_right_behind_the_head_is_refused_after_the_answer),
        TEST(who_floods_on_after_the_close_is_not_waited_for),
        TEST(a_text_byte_by_byte_is_heard_once),
        TEST(a_ping_is_answered_with_what_it_said),
        TEST(a_full_queue_is_shed_and_told_when_drained),
        TEST(what_must_arrive_does_though_the_queue_is_full),
        TEST(passing_events_are_dropped_without_a_word),
        TEST(a_flood_that_must_arrive_is_hopeless),
        TEST(await_drain_on_an_empty_queue_is_told_too),
        TEST(who_has_drained_has_room_whatever_waits_for_others),
        TEST(too_many_frames_in_a_second_are_too_many),
        TEST(what_is_not_legal_is_closed_with_its_code),
        TEST(a_message_too_long_is_refused_before_it_came),
        TEST(the_peers_close_is_answered_with_its_code),
        TEST(a_close_without_code_is_answered_without),
        TEST(our_close_waits_for_the_peers),
        TEST(a_peer_that_never_closes_is_not_waited_for),
        TEST(last_words_that_do_not_fit_are_not_waited_for),
        TEST(closing_twice_says_it_once),
        TEST(whoever_hangs_up_is_gone_in_any_state),
        TEST(a_descriptor_that_is_free_is_told),
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
