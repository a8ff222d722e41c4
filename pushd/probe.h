/*
 * probe: what can be watched of one user's connections while they live, one row an occurrence.
 *
 * Each is a USDT probe (usdt.h) of the provider `stonechat`, with the connection's number, the
 * user's id ("" before it is known), and the two things that the row names: a text and a number. It
 * is also a line in the log, whatever the level, for the user whom `log.user` names. When nobody
 * looks, it is two tests of what is at hand.
 */
#ifndef PUSHD_PROBE_H
#define PUSHD_PROBE_H

#include <stdint.h>

#include "conn.h"

/* X(name, what the text is, what the number is) */
/* clang-format off */
#define PROBES(X) \
    X(state,     "state", "was")   /* it lives on in another state; the number of the last one */ \
    X(opened,    "address", "rooms") /* `welcome` is on its way */ \
    X(closed,    "why", "queued")  /* nothing more flows; bytes that were left in the queue */ \
    X(command,   "type", "bytes")  /* the client has said something */ \
    X(behind,    "room", "cursor") /* it sets out to catch up */ \
    X(live,      "room", "seq")    /* it holds all of the room's log */ \
    X(entry,     "room", "seq")    /* log entries up to this one were given to it */ \
    X(shed,      "why", "queued")  /* its queue was dropped */ \
    X(reset,     "room", "seq")    /* it was told to load anew */
/* clang-format on */

#define X(name, text, number)                                                                      \
    extern unsigned short probe_##name##_watched;                                                  \
    void probe_##name(const struct conn *conn, const char *word, uint64_t count);
PROBES(X)
#undef X

#define PROBE_IS_WATCHED(name) (__builtin_expect(probe_##name##_watched != 0, 0))

#define PROBE(name, conn, word, count)                                                             \
    do {                                                                                           \
        if (__builtin_expect(probe_##name##_watched != 0 || (conn)->followed, 0)) {                \
            probe_##name(conn, word, count);                                                       \
        }                                                                                          \
    } while (0)

#endif
