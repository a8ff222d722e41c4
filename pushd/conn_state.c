/*
 * conn_state: what goes with a state, and with the end of a connection (see conn_state.h).
 *
 * Which bytes and seconds a state has is a row of conn_steps.
 */
#include "conn_state.h"

#include <unistd.h>

#include <stonechat/log.h>

#include "addresses.h"
#include "conn.h"
#include "conn_steps.h"
#include "metrics.h"
#include "probe.h"

/* --- what it waits for --- */

static void watch(struct conn *conn, short what) {
    if (event_pending(&conn->io, EV_READ | EV_WRITE, NULL) == what) {
        return;
    }
    event_del(&conn->io);
    if (what != 0) {
        event_assign(&conn->io, conn->set->base, conn->fd, what | EV_PERSIST,
                     event_get_callback(&conn->io), conn);
        event_add(&conn->io, NULL);
    }
}

/* Where nothing is read there is mostly nothing to be read either: reading is given up only when
 * there is. */
void conn_watch(struct conn *conn, bool blocked) {
    short reading = conn_steps[conn->state].on_bytes != NULL
                        ? EV_READ
                        : event_pending(&conn->io, EV_READ, NULL) & EV_READ;
    short writing = blocked ? EV_WRITE : 0;
    conn->blocked = blocked;
    watch(conn, (short)(reading | writing));
}

void conn_stop_reading(struct conn *conn) {
    watch(conn, conn->blocked ? EV_WRITE : 0);
}

void conn_set_wake(struct conn_set *set) {
    event_active(&set->flush, EV_TIMEOUT, 0);
}

/* An open connection has two deadlines, of which the wheel knows the nearer. */
static void arm_nearer(struct conn *conn) {
    uint32_t now = conn->set->wheel->now;
    uint32_t due = conn->beat_due;
    if (conn->timer_due != 0 && conn->timer_due < due) {
        due = conn->timer_due;
    }
    wheel_arm(conn->set->wheel, &conn->deadline, due > now ? due - now : 0);
}

void conn_set_timer(struct conn *conn, uint32_t seconds) {
    conn->timer_due = seconds > 0 ? conn->set->wheel->now + seconds : 0;
    if (conn->state == CONN_OPEN) {
        arm_nearer(conn);
    }
}

/* --- its end --- */

void conn_log_end(const struct conn *conn, enum sc_log_level level, const char *why) {
    if (conn->client != NULL) {
        sc_log(level, "client_gone", "conn", sc_log_number(conn->number), "user", conn->user, "why",
               why, NULL);
        PROBE(closed, conn, why, conn->outbox.bytes);
    }
}

void conn_give_place_back(struct conn *conn) {
    addresses_leave(conn->address);
    conn->address = 0;
}

static void leave_the_loop(struct conn *conn) {
    struct conn_set *set = conn->set;
    int fd = conn->fd;
    event_del(&conn->io);
    wheel_disarm(&conn->deadline);
    close(fd);
    conn_give_place_back(conn);
    LIST_REMOVE(conn, link);
    LIST_INSERT_HEAD(&set->graveyard, conn, link);
    set->count--;
    metric_subtract(metrics->connections, 1);
    conn_set_wake(set);
}

static void on_over(struct conn *conn) {
    if (conn->client != NULL) {
        conn->set->events->on_gone(conn);
    }
}

/* --- the states --- */

/* Those who wait to come in may, when half of those who were being let in are. */
static void count_asking(struct conn_set *set, enum conn_state was, enum conn_state is) {
    set->asking += is == CONN_ASKING;
    if (was == CONN_ASKING && --set->asking == CONN_ASKING_MAX / 2 && set->on_room != NULL) {
        set->on_room(set->context);
    }
}

/* Whoever is followed is looked at each time. */
void conn_keep_lane(struct conn *conn) {
    struct lane *lane = &lanes[conn->lane];
    lane->form = conn->form;
    lane->straight = conn->state == CONN_OPEN && outbox_is_empty(&conn->outbox) && !conn->full &&
                     conn->sse == NULL && !conn->followed;
}

void conn_become(struct conn *conn, enum conn_state state) {
    if (conn->state == CONN_GONE) {
        return;
    }
    if (sc_log_is_on(SC_LOG_DEBUG)) {
        sc_log(SC_LOG_DEBUG, "conn_state", "conn", sc_log_number(conn->number), "from",
               conn_steps[conn->state].name, "to", conn_steps[state].name, NULL);
    }
    PROBE(state, conn, conn_steps[state].name, conn->state);
    enum conn_state was = conn->state;
    conn->state = state;
    conn_keep_lane(conn);
    count_asking(conn->set, was, state);
    if (state >= CONN_CLOSING) {
        on_over(conn);
    }
    if (state == CONN_GONE) {
        leave_the_loop(conn);
        if (conn->set->on_room != NULL) {
            conn->set->on_room(conn->set->context);
        }
        return;
    }
    uint32_t seconds = conn_steps[state].seconds(conn);
    if (state == CONN_OPEN) {
        conn->beat_due = conn->set->wheel->now + seconds;
        arm_nearer(conn);
    } else {
        wheel_arm(conn->set->wheel, &conn->deadline, seconds);
    }
    conn_watch(conn, conn->blocked);
}
