/*
 * one_conn: one connection over a real socket, what rises from it, and what its peer hears.
 *
 * Let in at once, unless a test says `later`. Its first frame says "welcome".
 */
#ifndef ONE_CONN_H
#define ONE_CONN_H

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

static inline void welcome(struct conn *conn) {
    struct handshake request = {.key = {"dGhlIHNhbXBsZSBub25jZQ==", 24}};
    char *answer = handshake_accept(&request);
    struct frame *first = frame_text(FRAME_CONTROL, "welcome", 7);
    conn_accept(conn, &answer, first);
    assert_null(answer);
    frame_unref(&first);
}

static inline void on_request(struct conn *conn, const struct handshake *request) {
    risen.requests++;
    assert_int_equal(request->key.bytes, 24);
    conn->client = (struct client *)&somebody;
    if (!risen.later) {
        welcome(conn);
    }
}

static inline void on_text(struct conn *conn, const char *text, size_t bytes) {
    (void)conn;
    risen.texts++;
    memcpy(risen.text, text, bytes);
    risen.text[bytes] = '\0';
}

static inline void on_timer(struct conn *conn) {
    (void)conn;
    risen.timers++;
}

static inline void on_dropped(struct conn *conn, const struct frame *frame) {
    (void)conn;
    if (risen.drops++ == 0) {
        risen.first_dropped = frame->head.seq;
    } else {
        assert_int_equal(frame->head.seq, risen.last_dropped + 1);
    }
    risen.last_dropped = frame->head.seq;
}

static inline void on_drained(struct conn *conn) {
    assert_true(outbox_is_empty(&conn->outbox));
    risen.had_room = conn_has_room(conn);
    risen.drains++;
}

static inline void on_gone(struct conn *conn) {
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

static inline int set_up(void **state) {
    (void)state;
    memset(&risen, 0, sizeof risen);
    heard.count = 0;
    heard.closed = false;
    bench_init(&bench, &events);
    conn = bench_connect(&bench, &peer);
    return 0;
}

static inline int tear_down(void **state) {
    (void)state;
    bench_deinit(&bench);
    close(peer);
    return 0;
}

static inline void hear(void) {
    bench_turn(&bench);
    peer_hear(peer, &heard);
    bench_turn(&bench);
}

static inline bool hear_frame(void) {
    hear();
    return heard_frame(&heard, &first, payload, &payload_bytes);
}

static inline void open_conn(void) {
    peer_send(peer, BENCH_HEAD, strlen(BENCH_HEAD));
    hear();
    heard_answer(&heard);
    assert_true(hear_frame());
    assert_string_equal(payload, "welcome");
    assert_int_equal(conn->state, CONN_OPEN);
}

static inline void assert_gone(void) {
    hear();
    assert_true(heard.closed);
    assert_int_equal(bench.set.count, 0);
    assert_true(LIST_EMPTY(&bench.set.all));
    assert_true(LIST_EMPTY(&bench.set.graveyard));
}

static inline void assert_close(unsigned code, const char *reason) {
    assert_true(hear_frame());
    assert_int_equal(first, 0x88);
    assert_int_equal((unsigned char)payload[0] << 8 | (unsigned char)payload[1], code);
    assert_string_equal(payload + 2, reason);
}

static inline void assert_answer(const char *status_line) {
    hear();
    if (strncmp((char *)heard.bytes, status_line, strlen(status_line)) != 0) {
        fail_msg("%s", (char *)heard.bytes);
    }
}

static inline void send_entry(uint64_t seq) {
    char json[600];
    const struct sc_event_head head = {SC_EVENT_MESSAGE, seq, seq, seq};
    int bytes = snprintf(json, sizeof json, "%d %0500d", (int)seq, 0);
    struct frame *frame = frame_entry(1, &head, 0, json, (size_t)bytes);
    conn_send(conn, frame);
    frame_unref(&frame);
}

/* Nobody reads: the queue is bounded, and what was dropped is told in order. */
static inline uint64_t fill_up(void) {
    uint64_t seq = 0;
    while (risen.drops == 0 && seq < 10000) {
        send_entry(++seq);
        bench_turn(&bench);
    }
    assert_int_not_equal(risen.drops, 0);
    assert_false(conn_has_room(conn));
    return seq;
}

#endif
