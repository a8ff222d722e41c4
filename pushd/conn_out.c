/*
 * conn_out: the queue of a connection, written, bounded and shed (see conn_out.h).
 */
#include "conn_out.h"

#include <errno.h>
#include <sys/socket.h>

#include <stonechat/log.h>

#include "conn_sse.h"
#include "conn_state.h"
#include "metrics.h"
#include "probe.h"

enum { PIECES_MAX = 64 };

static void on_all_sent(struct conn *conn) {
    if (conn->state == CONN_CLOSING) {
        /* Not before the peer has closed, where it will: a proxy would end both directions. */
        if (conn->peer_closed || !conn->upgraded) {
            shutdown(conn->fd, SHUT_WR);
        }
        conn_become(conn, conn->peer_closed ? CONN_GONE : CONN_LINGER);
    } else if (conn->full) {
        conn->full = false;
        conn->set->events->on_drained(conn);
    }
    conn_keep_lane(conn);
}

static ssize_t send_pieces(struct conn *conn, struct iovec *pieces) {
    int fd = conn->fd;
    if (conn->sse != NULL) {
        return conn_sse_send(conn);
    }
    int count = outbox_gather(&conn->outbox, pieces, PIECES_MAX);
    if (count == 1) {
        return send(fd, pieces->iov_base, pieces->iov_len, MSG_NOSIGNAL);
    }
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = (size_t)count};
    return sendmsg(fd, &message, MSG_NOSIGNAL);
}

/* True when everything is out, false when the socket takes no more for now or is broken. */
static bool write_pieces(struct conn *conn) {
    struct iovec pieces[PIECES_MAX];
    while (!outbox_is_empty(&conn->outbox)) {
        ssize_t count = send_pieces(conn, pieces);
        if (count < 0) {
            if (errno != EAGAIN && errno != EINTR) {
                conn_log_end(conn, SC_LOG_INFO, "broken");
                conn_become(conn, CONN_GONE);
            }
            return false;
        }
        outbox_sent(&conn->outbox, (size_t)count);
    }
    return true;
}

/* Makes room in a queue that grew faster than the loop turned. What goes wrong is left to the next
 * write: nobody's connection ends while something is being sent to many. */
static void write_ahead(struct conn *conn) {
    struct iovec pieces[PIECES_MAX];
    ssize_t count = 0;
    while (count >= 0 && !outbox_is_empty(&conn->outbox)) {
        count = send_pieces(conn, pieces);
        if (count > 0) {
            outbox_sent(&conn->outbox, (size_t)count);
        }
    }
}

/* Who has taken everything is blocked no more when told so: it has no part in the queues' total. */
void conn_out_write(struct conn *conn) {
    bool done = write_pieces(conn);
    if (conn->hopeless) {
        conn_log_end(conn, SC_LOG_INFO, "hopelessly_slow");
        conn_become(conn, CONN_GONE);
    }
    if (conn->state == CONN_GONE) {
        return;
    }
    if (conn->blocked == done) {
        conn_watch(conn, !done);
    }
    if (done) {
        on_all_sent(conn);
    }
}

static void want_flush(struct conn *conn) {
    struct conn_set *set = conn->set;
    if (!conn->is_dirty) {
        if (STAILQ_EMPTY(&set->dirty)) {
            conn_set_wake(set);
        }
        conn->is_dirty = true;
        STAILQ_INSERT_TAIL(&set->dirty, conn, dirty);
    }
}

void conn_out_queue(struct conn *conn, struct frame *frame) {
    outbox_push(&conn->outbox, frame);
    conn_keep_lane(conn);
    if (!conn->blocked) {
        want_flush(conn);
    }
}

/* --- what others ask of it --- */

/* All queues together: who takes what is sent to them as it comes has no part in that. */
static bool is_within_total(const struct conn *conn) {
    return !conn->blocked ||
           metric_get(metrics->queue_bytes) < (uint64_t)conn->set->settings->push_queue_total_bytes;
}

bool conn_has_room(const struct conn *conn) {
    return conn->state == CONN_OPEN && !conn->full &&
           conn->outbox.bytes < (uint64_t)conn->set->settings->push_queue_bytes &&
           is_within_total(conn);
}

static void on_dropped(void *context, const struct frame *frame) {
    struct conn *conn = context;
    if (frame->kind != FRAME_PASSING) {
        conn->set->events->on_dropped(conn, frame);
    }
}

void conn_await_drain(struct conn *conn) {
    conn->full = true;
    conn_keep_lane(conn);
    if (outbox_is_empty(&conn->outbox)) {
        conn_watch(conn, true); /* the socket may be full all the same */
    }
}

/* A queue that is over its bound keeps only what nothing can bring again; if even that grows
 * beyond it, the connection is not worth having. */
static void shed(struct conn *conn, const struct frame *unsent) {
    if (!conn->full) {
        metric_add(metrics->sheds_total, 1);
        sc_log(SC_LOG_INFO, "queue_shed", "conn", sc_log_number(conn->number), "user", conn->user,
               "bytes", sc_log_number((int64_t)conn->outbox.bytes), NULL);
        PROBE(shed, conn, "full", conn->outbox.bytes);
        outbox_shed(&conn->outbox, on_dropped, conn);
        conn_await_drain(conn);
    }
    if (unsent->kind != FRAME_CONTROL) {
        on_dropped(conn, unsent);
    } else if (conn->outbox.bytes > 2 * (uint64_t)conn->set->settings->push_queue_bytes) {
        conn->hopeless = true;
        want_flush(conn);
    }
}

bool conn_send(struct conn *conn, struct frame *frame) {
    if (conn->state != CONN_OPEN) {
        return false;
    }
    if (!conn_has_room(conn) && !conn->full && !conn->blocked) {
        write_ahead(conn);
    }
    bool fits = conn_has_room(conn);
    if (fits || frame->kind == FRAME_CONTROL) {
        conn_out_queue(conn, frame_in(frame, conn->form));
    }
    if (!fits) {
        shed(conn, frame);
    }
    return fits;
}

/* What is wrong with the socket shows when that is written. */
void conn_send_rest(struct conn *conn, struct frame *frame, size_t sent) {
    conn_out_queue(conn, frame);
    if (sent > 0) {
        outbox_sent(&conn->outbox, sent);
    }
}

bool conn_send_now(struct conn *conn, struct frame *frame) {
    bool alone = outbox_is_empty(&conn->outbox) && conn->sse == NULL;
    if (conn->state != CONN_OPEN || conn->full || !alone) {
        return conn_send(conn, frame);
    }
    struct frame *formed = frame_in(frame, conn->form);
    ssize_t count = send(conn->fd, formed->wire, formed->bytes, MSG_NOSIGNAL);
    if (count == (ssize_t)formed->bytes) {
        metric_add(metrics->bytes_sent_total, formed->bytes);
        metric_add(metrics->frames_sent_total, formed->count);
        return true;
    }
    conn_send_rest(conn, formed, count > 0 ? (size_t)count : 0);
    return true;
}
