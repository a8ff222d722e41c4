/*
 * conn: the loop that runs the steps of a connection's state, and what others ask of it (see
 * conn.h).
 *
 * How states change is the business of conn_state; what goes out, of conn_out.
 */
#include "conn.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>

#include "conn_out.h"
#include "conn_sse.h"
#include "conn_state.h"
#include "conn_steps.h"
#include "metrics.h"

enum { SCRATCH_BYTES = 65536 };

/* Connections are numbered from a random beginning, so that two workers hardly ever name two of
 * them alike. */
static const int64_t NUMBERS = (int64_t)1 << 48;

static void on_io(evutil_socket_t fd, short what, void *context);
static void on_flush(evutil_socket_t fd, short what, void *context);

void conn_set_init(struct conn_set *set, struct event_base *base, struct wheel *wheel,
                   const struct sc_settings *settings, const struct conn_events *events) {
    *set = (struct conn_set){.base = base, .wheel = wheel, .settings = settings, .events = events};
    LIST_INIT(&set->all);
    LIST_INIT(&set->graveyard);
    STAILQ_INIT(&set->dirty);
    set->ping = frame_control(WS_PING, NULL, 0);
    set->scratch = sc_xmalloc(SCRATCH_BYTES);
    (void)!getrandom(&set->last_number, sizeof set->last_number, 0);
    set->last_number &= NUMBERS - 1;
    event_assign(&set->flush, base, -1, 0, on_flush, set);
}

static void bury(struct conn_set *set) {
    struct conn *conn;
    while ((conn = LIST_FIRST(&set->graveyard)) != NULL) {
        LIST_REMOVE(conn, link);
        lane_close(conn->lane);
        outbox_deinit(&conn->outbox);
        inbox_deinit(&conn->inbox);
        conn_sse_end(conn);
        free(conn);
    }
}

void conn_set_deinit(struct conn_set *set) {
    while (!LIST_EMPTY(&set->all)) {
        conn_become(LIST_FIRST(&set->all), CONN_GONE);
    }
    event_del(&set->flush);
    STAILQ_INIT(&set->dirty);
    bury(set);
    free(set->scratch);
    frame_unref(&set->ping);
}

static void on_deadline(struct wheel_entry *entry) {
    struct conn *conn = (struct conn *)((char *)entry - offsetof(struct conn, deadline));
    conn_steps[conn->state].on_deadline(conn);
}

struct conn *conn_new(struct conn_set *set, int fd) {
    struct conn *conn = sc_xcalloc(1, sizeof *conn);
    conn->fd = fd;
    conn->lane = lane_open(fd);
    conn->set = set;
    conn->number = ++set->last_number;
    conn->deadline.on_due = on_deadline;
    inbox_init(&conn->inbox);
    outbox_init(&conn->outbox);
    event_assign(&conn->io, set->base, fd, EV_READ | EV_PERSIST, on_io, conn);
    LIST_INSERT_HEAD(&set->all, conn, link);
    set->count++;
    metric_add(metrics->connections, 1);
    conn_become(conn, CONN_HEAD);
    return conn;
}

/* --- the loop: bytes in --- */

static void run_steps(struct conn *conn, unsigned char *bytes, size_t count) {
    size_t taken = 0;
    enum conn_state state;
    do {
        state = conn->state;
        if (conn_steps[state].on_bytes == NULL) {
            break;
        }
        taken += conn_steps[state].on_bytes(conn, bytes + taken, count - taken);
    } while (conn->state != state && taken < count);
    if (conn->state != CONN_GONE) {
        inbox_keep(&conn->inbox, bytes + taken, count - taken);
    }
}

static void on_end_of_file(struct conn *conn) {
    conn_log_end(conn, SC_LOG_INFO, "hung_up");
    conn->peer_closed = true;
    conn_become(conn, CONN_GONE);
}

static void read_some(struct conn *conn) {
    unsigned char *scratch = conn->set->scratch;
    size_t kept = inbox_unkeep(&conn->inbox, scratch);
    ssize_t count = recv(conn->fd, scratch + kept, SCRATCH_BYTES - kept, 0);
    if (count > 0) {
        conn->heard = true;
        metric_add(metrics->bytes_received_total, (uint64_t)count);
        run_steps(conn, scratch, kept + (size_t)count);
    } else if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        inbox_keep(&conn->inbox, scratch, kept);
    } else {
        on_end_of_file(conn);
    }
}

static void on_io(evutil_socket_t fd, short what, void *context) {
    struct conn *conn = context;
    (void)fd;
    if ((what & EV_READ) != 0 && conn->state != CONN_GONE &&
        conn_steps[conn->state].on_bytes == NULL) {
        conn_stop_reading(conn);
    } else if ((what & EV_READ) != 0 && conn->state != CONN_GONE) {
        read_some(conn);
    }
    if ((what & EV_WRITE) != 0 && conn->state != CONN_GONE) {
        conn_out_write(conn);
    }
}

static void on_flush(evutil_socket_t fd, short what, void *context) {
    struct conn_set *set = context;
    struct conn *conn;
    (void)fd;
    (void)what;
    if (set->on_turn != NULL) {
        set->on_turn(set->context);
    }
    while ((conn = STAILQ_FIRST(&set->dirty)) != NULL) {
        STAILQ_REMOVE_HEAD(&set->dirty, dirty);
        conn->is_dirty = false;
        if (conn->state != CONN_GONE) {
            conn_out_write(conn);
        }
    }
    bury(set);
}

/* --- what others ask of it --- */

void conn_reply(struct conn *conn, char **text) {
    if (conn->state == CONN_HEAD || conn->state == CONN_ASKING) {
        struct frame *frame = frame_raw(*text, strlen(*text));
        conn_become(conn, CONN_CLOSING);
        conn_out_queue(conn, frame);
        frame_unref(&frame);
        conn_give_place_back(conn);
    }
    free(*text);
    *text = NULL;
}

void conn_refuse(struct conn *conn, enum sc_error error) {
    char *text = handshake_refuse(error);
    metric_add(&metrics->refusals_total[error], 1);
    sc_log(SC_LOG_INFO, "refused", "conn", sc_log_number(conn->number), "user", conn->user, "why",
           sc_error_row(error)->code, NULL);
    conn_reply(conn, &text);
}

/* The client may not speak before it has the answer, but one that does loses nothing. */
static void run_kept(struct conn *conn) {
    if (conn->inbox.kept_bytes > 0) {
        size_t kept = inbox_unkeep(&conn->inbox, conn->set->scratch);
        run_steps(conn, conn->set->scratch, kept);
    }
}

void conn_accept(struct conn *conn, char **answer, struct frame *first) {
    if (conn->state == CONN_ASKING) {
        struct frame *frame = frame_raw(*answer, strlen(*answer));
        conn->upgraded = true;
        conn_become(conn, CONN_OPEN);
        conn_out_queue(conn, frame);
        conn_out_queue(conn, first);
        frame_unref(&frame);
        run_kept(conn);
    }
    free(*answer);
    *answer = NULL;
}

void conn_accept_events(struct conn *conn, struct sse **sse, struct frame *first) {
    if (conn->state == CONN_ASKING) {
        conn_sse_begin(conn, sse);
        conn_become(conn, CONN_OPEN);
        conn_out_queue(conn, first);
        run_kept(conn);
    }
    sse_free(sse);
}

void conn_close(struct conn *conn, enum sc_error error, const char *reason) {
    if (conn->state < CONN_OPEN) {
        conn_refuse(conn, error);
        return;
    }
    if (conn->state > CONN_OPEN) {
        return;
    }
    const struct sc_error_row *row = sc_error_row(error);
    struct frame *frame = frame_close(row->close_code, reason != NULL ? reason : row->code);
    metric_add(&metrics->closes_total[error], 1);
    /* That everybody has to go has been said once. */
    conn_log_end(conn, error == SC_RESTARTING ? SC_LOG_DEBUG : SC_LOG_INFO, row->code);
    outbox_cut(&conn->outbox);
    conn_become(conn, CONN_CLOSING);
    conn_out_queue(conn, frame);
    frame_unref(&frame);
}

void conn_set_user(struct conn *conn, const char *user) {
    conn->user = user;
    conn->followed = user != NULL && strcmp(user, conn->set->settings->log_user) == 0;
    conn_keep_lane(conn);
}

void conn_set_follow(struct conn_set *set) {
    struct conn *conn;
    LIST_FOREACH(conn, &set->all, link) {
        conn_set_user(conn, conn->user);
    }
}
