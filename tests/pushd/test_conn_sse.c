/*
 * conn_sse: a connection that reads events, over a real socket that takes 4 kB at a time.
 */
#include "suite.h"

#include "conn_bench.h"
#include "metrics.h"

enum { GROUND = 100 }; /* where the reader stands in `lobby` */

static struct {
    unsigned drops, drains, gone;
    uint64_t first_dropped;
} risen;

static int somebody;

static void on_request(struct conn *conn, const struct handshake *request) {
    struct sse *sse = sse_new();
    assert_int_equal(request->kind, HANDSHAKE_EVENTS);
    conn->client = (struct client *)&somebody;
    cursors_set(&sse->cursors, "lobby", GROUND, 9);
    sse_say(sse, "HTTP/1.1 200 OK\r\n\r\n");
    struct frame *first = frame_text(FRAME_CONTROL, "{\"type\":\"welcome\"}", 18);
    conn_accept_events(conn, &sse, first);
    assert_null(sse);
    frame_unref(&first);
}

static void on_text(struct conn *conn, const char *text, size_t bytes) {
    (void)conn;
    (void)text;
    (void)bytes;
    fail_msg("a reader of events has said something");
}

static void on_dropped(struct conn *conn, const struct frame *frame) {
    (void)conn;
    if (risen.drops++ == 0) {
        risen.first_dropped = frame->head.seq;
    }
}

static void on_drained(struct conn *conn) {
    (void)conn;
    risen.drains++;
}

static void on_timer(struct conn *conn) {
    (void)conn;
}

static void on_gone(struct conn *conn) {
    risen.gone++;
    conn->client = NULL;
}

static const struct conn_events events = {on_request, on_text,    on_timer,
                                          on_dropped, on_drained, on_gone};

static struct bench bench;
static struct conn *conn;
static int peer;
static struct heard heard;

#define HEAD    "GET /events HTTP/1.1\r\nHost: h\r\n\r\n"
#define OPENING "HTTP/1.1 200 OK\r\n\r\nid: lobby.100.9\ndata: {\"type\":\"welcome\"}\n\n"

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

/* All that there is to hear. */
static void hear(void) {
    size_t before;
    do {
        before = heard.count;
        bench_turn(&bench);
        peer_hear(peer, &heard);
    } while (heard.count > before);
    bench_turn(&bench);
}

static void assert_heard(const char *text) {
    hear();
    assert_string_equal((char *)heard.bytes, text);
    heard.count = 0;
}

static void open_conn(void) {
    peer_send(peer, HEAD, strlen(HEAD));
    assert_heard(OPENING);
    assert_int_equal(conn->state, CONN_OPEN);
}

static struct frame *entry(uint64_t seq) {
    char json[700];
    const struct sc_event_head head = {SC_EVENT_MESSAGE, seq, 1, 9};
    int bytes = snprintf(json, sizeof json,
                         "{\"type\":\"message\",\"seq\":%d,\"n\":1,\"at\":9,\"room\":\"lobby\","
                         "\"text\":\"%0500d\"}",
                         (int)seq, 0);
    return frame_entry(1, &head, 9, json, (size_t)bytes);
}

static void send_entry(uint64_t seq) {
    struct frame *frame = entry(seq);
    conn_send(conn, frame);
    frame_unref(&frame);
}

static void send_text(enum frame_kind kind, const char *json) {
    struct frame *frame = frame_text(kind, json, strlen(json));
    conn_send(conn, frame);
    frame_unref(&frame);
}

/* Nobody reads. */
static uint64_t fill_up(void) {
    uint64_t seq = GROUND;
    while (risen.drops == 0 && seq < 10000) {
        send_entry(++seq);
        bench_turn(&bench);
    }
    assert_int_not_equal(risen.drops, 0);
    return seq;
}

/* Every event with an id, in order: entries from GROUND on, each with an id that says so; gives the
 * last one's. */
static uint64_t judge_entries(void) {
    uint64_t seq = GROUND;
    char *rest = (char *)heard.bytes, *line;
    while ((line = strsep(&rest, "\n")) != NULL) {
        unsigned long id = 0, told = 0;
        if (sscanf(line, "id: lobby.%lu.9", &id) == 1 && rest != NULL &&
            sscanf(rest, "data: {\"type\":\"message\",\"seq\":%lu", &told) == 1) {
            assert_int_equal(told, ++seq);
            assert_int_equal(id, told);
        } else if (id != 0) {
            assert_int_equal(id, seq);
        }
    }
    return seq;
}

static void events_come_in_order_with_their_ids(void **state) {
    (void)state;
    open_conn();
    send_entry(101);
    send_text(FRAME_PASSING, "{\"type\":\"typing\"}");
    hear();
    assert_non_null(strstr((char *)heard.bytes, "id: lobby.101.9\ndata: {\"type\":\"message\""));
    assert_non_null(strstr((char *)heard.bytes, "\"}\n\ndata: {\"type\":\"typing\"}\n\n"));
}

static void what_is_sent_at_once_is_an_event_too(void **state) {
    (void)state;
    open_conn();
    struct frame *frame = entry(101);
    assert_true(conn_send_now(conn, frame));
    frame_unref(&frame);
    hear();
    assert_int_equal(judge_entries(), 101);
}

static void a_bundle_is_one_event_an_entry(void **state) {
    (void)state;
    struct frame *entries[20];
    open_conn();
    for (size_t i = 0; i < ROWS(entries); i++) {
        entries[i] = entry(101 + i);
    }
    struct frame *bundle = frame_bundle(entries, ROWS(entries), FRAME_PLAIN);
    conn_send(conn, bundle);
    frame_unref(&bundle);
    for (size_t i = 0; i < ROWS(entries); i++) {
        frame_unref(&entries[i]);
    }
    hear();
    assert_int_equal(judge_entries(), 120);
    assert_true(outbox_is_empty(&conn->outbox));
    assert_null(conn->sse->text);
}

static void what_a_slow_reader_did_not_get_is_in_no_id(void **state) {
    (void)state;
    open_conn();
    fill_up();
    send_text(FRAME_CONTROL, "{\"type\":\"caught_up\",\"room\":\"r1\",\"seq\":4}");
    assert_int_equal(risen.drains, 0);
    hear();
    assert_non_null(strstr((char *)heard.bytes, "\"caught_up\""));
    char id[60];
    snprintf(id, sizeof id, "id: r1.4.0,lobby.%d.9\n", (int)risen.first_dropped - 1);
    assert_non_null(strstr((char *)heard.bytes, id));
    assert_int_equal(judge_entries(), risen.first_dropped - 1);
    assert_int_equal(risen.drains, 1);
    heard.count = 0;
    send_entry(risen.first_dropped);
    hear();
    snprintf(id, sizeof id, "id: lobby.%d.9,r1.4.0\n", (int)risen.first_dropped);
    assert_non_null(strstr((char *)heard.bytes, id));
}

static void a_slow_reader_holds_no_more_than_its_queue_and_one_write(void **state) {
    (void)state;
    open_conn();
    uint64_t seq = fill_up();
    for (int i = 0; i < 200; i++) {
        send_entry(++seq);
        bench_turn(&bench);
        assert_true(conn->outbox.bytes <= 4096 + 700);
        assert_true(conn->sse->bytes <= (1 << 14) + 5000);
    }
}

/* Text that is on its way waits as well as what it is made of. */
static void what_is_put_down_counts_among_all_queues(void **state) {
    (void)state;
    uint64_t others = metric_get(metrics->queue_bytes);
    open_conn();
    assert_int_equal(metric_get(metrics->queue_bytes), others);
    fill_up();
    size_t text_bytes = conn->sse->bytes - conn->sse->sent;
    assert_int_not_equal(text_bytes, 0);
    assert_int_equal(metric_get(metrics->queue_bytes), others + conn->outbox.bytes + text_bytes);
    hear();
    assert_int_equal(metric_get(metrics->queue_bytes), others);
    risen.drops = 0;
    fill_up();
    conn_close(conn, SC_SESSION_ENDED, NULL);
    bench_pass(&bench, 10);
    assert_int_equal(metric_get(metrics->queue_bytes), others);
}

static void a_heartbeat_is_a_comment_that_nobody_answers(void **state) {
    (void)state;
    open_conn();
    for (int i = 0; i < 10; i++) {
        bench_pass(&bench, 11);
        assert_heard(":\n\n");
    }
    assert_int_equal(conn->state, CONN_OPEN);
}

static void who_takes_nothing_between_heartbeats_is_gone(void **state) {
    (void)state;
    open_conn();
    fill_up();
    bench_pass(&bench, 11);
    bench_pass(&bench, 11);
    assert_int_equal(risen.gone, 1);
    bench_pass(&bench, 4);
    hear();
    assert_true(heard.closed);
}

static void who_takes_something_between_heartbeats_stays(void **state) {
    (void)state;
    open_conn();
    uint64_t seq = fill_up();
    for (int i = 0; i < 20; i++) {
        unsigned char some[4096];
        bench_pass(&bench, 5);
        assert_true(recv(peer, some, sizeof some, 0) > 0);
        bench_turn(&bench);
        for (int j = 0; j < 20; j++) {
            send_entry(++seq);
            bench_turn(&bench);
        }
        assert_false(outbox_is_empty(&conn->outbox));
    }
    assert_int_equal(conn->state, CONN_OPEN);
}

static void the_end_is_an_event_and_then_nothing(void **state) {
    (void)state;
    open_conn();
    conn_close(conn, SC_RESTARTING, "{\"retry_ms\":700}");
    assert_heard("retry: 700\nevent: close\n"
                 "data: {\"code\":1012,\"reason\":\"{\\\"retry_ms\\\":700}\"}\n\n");
    assert_true(heard.closed);
    assert_int_equal(risen.gone, 1);
}

static void the_end_comes_after_what_is_on_its_way(void **state) {
    (void)state;
    open_conn();
    uint64_t seq = GROUND;
    while (conn->sse->text == NULL) {
        send_entry(++seq);
        bench_turn(&bench);
    }
    conn_close(conn, SC_SESSION_ENDED, NULL);
    hear();
    assert_true(heard.closed);
    static const char last[] =
        "\n\nevent: close\ndata: {\"code\":4401,\"reason\":\"session_ended\"}\n\n";
    const char *end = (char *)heard.bytes + heard.count;
    assert_string_equal(end - (sizeof last - 1), last);
    judge_entries();
}

static void what_it_says_is_passed_over(void **state) {
    (void)state;
    peer_send(peer, HEAD HEAD "\x81\x80mask", 2 * strlen(HEAD) + 6);
    assert_heard(OPENING);
    peer_send(peer, HEAD, strlen(HEAD));
    hear();
    assert_int_equal(conn->state, CONN_OPEN);
    assert_int_equal(conn->inbox.kept_bytes, 0);
    assert_int_equal(heard.count, 0);
}

static void who_says_too_much_is_gone(void **state) {
    (void)state;
    bench_set(&bench, "limits.client_frames_per_s=5");
    open_conn();
    for (int i = 0; i < 5; i++) {
        peer_send(peer, "hello", 5);
        bench_turn(&bench);
        assert_int_equal(conn->state, CONN_OPEN);
    }
    peer_send(peer, "hello", 5);
    assert_heard("event: close\ndata: {\"code\":4429,\"reason\":\"rate_limited\"}\n\n");
}

static void offered_compression_is_not_for_events(void **state) {
    (void)state;
    static const char head[] = "GET /events HTTP/1.1\r\nHost: h\r\n"
                               "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
    peer_send(peer, head, sizeof head - 1);
    assert_heard(OPENING);
    send_entry(101);
    hear();
    assert_int_equal(judge_entries(), 101);
}

static int quiet(void **state) {
    (void)state;
    be_quiet();
    return 0;
}

#define EVENTS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        EVENTS_TEST(events_come_in_order_with_their_ids),
        EVENTS_TEST(what_is_sent_at_once_is_an_event_too),
        EVENTS_TEST(a_bundle_is_one_event_an_entry),
        EVENTS_TEST(what_a_slow_reader_did_not_get_is_in_no_id),
        EVENTS_TEST(a_slow_reader_holds_no_more_than_its_queue_and_one_write),
        EVENTS_TEST(what_is_put_down_counts_among_all_queues),
        EVENTS_TEST(a_heartbeat_is_a_comment_that_nobody_answers),
        EVENTS_TEST(who_takes_nothing_between_heartbeats_is_gone),
        EVENTS_TEST(who_takes_something_between_heartbeats_stays),
        EVENTS_TEST(the_end_is_an_event_and_then_nothing),
        EVENTS_TEST(the_end_comes_after_what_is_on_its_way),
        EVENTS_TEST(what_it_says_is_passed_over),
        EVENTS_TEST(who_says_too_much_is_gone),
        EVENTS_TEST(offered_compression_is_not_for_events),
    };
    return cmocka_run_group_tests(tests, quiet, NULL);
}
