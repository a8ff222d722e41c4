/*
 * conn_state: the states of a connection in life order, and the one function that assigns them.
 *
 * For conn, conn_out and conn_steps only: the rest of the house sees a connection from outside.
 */
#ifndef PUSHD_CONN_STATE_H
#define PUSHD_CONN_STATE_H

#include <stdbool.h>

#include <stonechat/log.h>

/* X(name, what happens in it); the rest of the row is in conn_steps.c. */
/* clang-format off */
#define CONN_STATES(X) \
    X(HEAD,    "the request is arriving") \
    X(ASKING,  "Redis is asked who this is; nothing is read") \
    X(OPEN,    "messages flow") \
    X(CLOSING, "the last words are on their way out") \
    X(LINGER,  "all is said; the peer's Close is waited for and the rest drained, so that no reset eats the last words") \
    X(GONE,    "closed; freed at the end of this turn of the loop")
/* clang-format on */

enum conn_state {
#define X(name, what) CONN_##name,
    CONN_STATES(X)
#undef X
        CONN_STATE_COUNT
};

struct conn;

/* Arms the state's deadline and watches what it waits for. From CONN_CLOSING on the client is told
 * that it is over; CONN_GONE leaves the loop, to be freed at the end of this turn. */
void conn_become(struct conn *conn, enum conn_state state);

/* Whether what is sent may go straight to the socket has perhaps changed. */
void conn_keep_lane(struct conn *conn);

/* Whether the socket takes no more for now: then it tells when it does. What the state reads is
 * waited for in any case. */
void conn_watch(struct conn *conn, bool blocked);
/* Something has come that this state doesn't read. */
void conn_stop_reading(struct conn *conn);

/* Says why a connection ends on which somebody was let in, or was about to be. */
void conn_log_end(const struct conn *conn, enum sc_log_level level, const char *why);

/* Among those of its address: who isn't let in takes none. */
void conn_give_place_back(struct conn *conn);

/* So many are let in at a time: more would only wait for Redis, each until it is too late. */
enum { CONN_ASKING_MAX = 256 };

#endif
