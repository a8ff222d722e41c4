/*
 * conn_steps: one step function a state, in the order in which a connection lives through them.
 */
#include "conn_steps.h"

#include <string.h>

#include <stonechat/limits.h>
#include <stonechat/log.h>

#include "conn_state.h"
#include "metrics.h"

enum { ASKING_SECONDS = 5, CLOSING_SECONDS = 2, LINGER_SECONDS = 2, LATE_BYTES_MAX = 1 << 20 };

/* --- HEAD: an HTTP request --- */

/* What is offered is taken back where it isn't wanted. */
static void choose_form(struct conn *conn, struct handshake *request) {
    struct offer *offer = &request->deflate;
    offer->taken =
        offer->taken && request->kind == HANDSHAKE_UPGRADE && conn->set->settings->push_deflate;
    conn->inbox.may_deflate = offer->taken;
    conn->form = offer->taken ? FRAME_DEFLATED : FRAME_PLAIN;
}

static size_t on_head(struct conn *conn, unsigned char *bytes, size_t count) {
    struct handshake request;
    enum sc_error error = handshake_read((const char *)bytes, count, &request);
    if (error != SC_OK) {
        conn_refuse(conn, error);
        return count;
    }
    if (request.bytes == 0) {
        return 0;
    }
    choose_form(conn, &request);
    conn_become(conn, CONN_ASKING);
    conn->set->events->on_request(conn, &request);
    return request.bytes;
}

static void on_head_deadline(struct conn *conn) {
    conn_refuse(conn, SC_REQUEST_TIMEOUT);
}

static uint32_t head_seconds(const struct conn *conn) {
    return (uint32_t)conn->set->settings->push_handshake_s;
}

/* --- ASKING --- */

static void on_asking_deadline(struct conn *conn) {
    conn_refuse(conn, SC_UNAVAILABLE);
}

static uint32_t asking_seconds(const struct conn *conn) {
    (void)conn;
    return ASKING_SECONDS;
}

/* --- OPEN: WebSocket messages --- */

static void on_peer_close(struct conn *conn, unsigned code) {
    conn->peer_closed = true;
    metric_add(metrics->client_closes_total, 1);
    conn_log_end(conn, SC_LOG_INFO, "closed_by_client");
    struct frame *frame =
        code == 1005 ? frame_control(WS_CLOSE, NULL, 0) : frame_close((int)code, "");
    outbox_cut(&conn->outbox);
    conn_send(conn, frame);
    conn_become(conn, CONN_CLOSING);
    frame_unref(&frame);
}

static void on_ping(struct conn *conn, const struct inbox_item *item) {
    struct frame *pong = frame_control(WS_PONG, item->bytes, item->count);
    conn_send(conn, pong);
    frame_unref(&pong);
}

static void on_item(struct conn *conn, const struct inbox_item *item) {
    switch (item->kind) {
    case INBOX_TEXT:
        conn->set->events->on_text(conn, (const char *)item->bytes, item->count);
        break;
    case INBOX_PING:
        on_ping(conn, item);
        break;
    case INBOX_PONG:
        /* ours are empty: any other answers none (RFC 6455 section 5.5.3) */
        conn->pinged = conn->pinged && item->count > 0;
        break;
    case INBOX_CLOSE:
        on_peer_close(conn, item->close_code);
        break;
    case INBOX_FAULT:
        conn->deaf = true;
        conn_close(conn, item->error, NULL);
        break;
    default:
        break;
    }
}

/* Every frame counts, control frames and fragments too. */
static bool over_rate(struct conn *conn) {
    uint32_t now = conn->set->wheel->now;
    if (conn->frames_second != now) {
        conn->frames_second = now;
        conn->frames = 0;
    }
    int64_t most = conn->set->settings->limits_client_frames_per_s;
    return conn->frames++ >= most && most != 0;
}

/* Who reads events has nothing to say: what comes after the request, another one perhaps, is passed
 * over, and too much of it ends the connection. */
static size_t on_unasked(struct conn *conn, size_t count) {
    if (over_rate(conn)) {
        conn_close(conn, SC_RATE_LIMITED, NULL);
    }
    return count;
}

static size_t on_frames(struct conn *conn, unsigned char *bytes, size_t count) {
    size_t taken = 0;
    if (conn->sse != NULL) {
        return on_unasked(conn, count);
    }
    while (conn->state == CONN_OPEN) {
        struct inbox_item item = inbox_take(&conn->inbox, bytes + taken, count - taken);
        if (item.kind == INBOX_NOTHING) {
            break;
        }
        taken += item.taken;
        metric_add(metrics->frames_received_total, 1);
        if (item.kind != INBOX_FAULT && over_rate(conn)) {
            conn_close(conn, SC_RATE_LIMITED, NULL);
        } else {
            on_item(conn, &item);
        }
    }
    return taken;
}

/* A ping each heartbeat, if the last one was answered: a client that speaks without reading would
 * find, and answer, all of them at once. Silence from one to the next means that nobody is there. A
 * reader of events answers none: what it was sent before has to be on its way. */
static void on_beat(struct conn *conn) {
    conn->beat_due = conn->set->wheel->now + (uint32_t)conn->set->settings->push_heartbeat_s;
    bool idle = outbox_is_empty(&conn->outbox);
    if (!conn->heard && (conn->sse == NULL || !idle)) {
        conn_close(conn, SC_NO_PONG, NULL);
        return;
    }
    conn->heard = false;
    if (conn->sse == NULL ? !conn->pinged : idle) {
        conn->pinged = true;
        conn_send_now(conn, conn->set->ping);
    }
}

static void on_open_deadline(struct conn *conn) {
    uint32_t now = conn->set->wheel->now;
    if (conn->beat_due <= now) {
        on_beat(conn);
    }
    if (conn->state == CONN_OPEN && conn->timer_due != 0 && conn->timer_due <= now) {
        conn->timer_due = 0;
        conn->set->events->on_timer(conn);
    }
    if (conn->state == CONN_OPEN) {
        conn_set_timer(conn, conn->timer_due > now ? conn->timer_due - now : 0);
    }
}

static uint32_t open_seconds(const struct conn *conn) {
    return (uint32_t)conn->set->settings->push_heartbeat_s;
}

/* --- CLOSING, LINGER --- */

/* All else that still comes is of no interest. */
static size_t look_for_close(struct conn *conn, unsigned char *bytes, size_t count) {
    size_t taken = 0;
    while (conn->upgraded && !conn->deaf && !conn->peer_closed) {
        struct inbox_item item = inbox_take(&conn->inbox, bytes + taken, count - taken);
        if (item.kind == INBOX_NOTHING) {
            return taken;
        }
        taken += item.taken;
        conn->deaf = item.kind == INBOX_FAULT;
        conn->peer_closed = item.kind == INBOX_CLOSE;
    }
    return count;
}

/* Who floods on is not worth the time until the deadline. */
static size_t on_late_bytes(struct conn *conn, unsigned char *bytes, size_t count) {
    size_t taken = look_for_close(conn, bytes, count);
    conn->late_bytes += (uint32_t)taken;
    if ((conn->peer_closed && conn->state == CONN_LINGER) || conn->late_bytes > LATE_BYTES_MAX) {
        conn_become(conn, CONN_GONE);
    }
    return taken;
}

static void on_last_deadline(struct conn *conn) {
    conn_become(conn, CONN_GONE);
}

static uint32_t closing_seconds(const struct conn *conn) {
    (void)conn;
    return CLOSING_SECONDS;
}

static uint32_t linger_seconds(const struct conn *conn) {
    (void)conn;
    return LINGER_SECONDS;
}

const struct conn_step conn_steps[CONN_STATE_COUNT] = {
    [CONN_HEAD] = {"head", on_head, on_head_deadline, head_seconds},
    [CONN_ASKING] = {"asking", NULL, on_asking_deadline, asking_seconds},
    [CONN_OPEN] = {"open", on_frames, on_open_deadline, open_seconds},
    [CONN_CLOSING] = {"closing", on_late_bytes, on_last_deadline, closing_seconds},
    [CONN_LINGER] = {"linger", on_late_bytes, on_last_deadline, linger_seconds},
    [CONN_GONE] = {"gone", NULL, NULL, NULL},
};
