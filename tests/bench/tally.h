/*
 * tally: what the processes of one load share in memory.
 *
 * The publisher and the crowds run in processes of their own, so that neither waits for the other.
 * Each crowd has a tally that only it writes; each group of crowds has a control that it obeys.
 */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#include "histogram.h"

/* What a publication carries, so that whoever receives it knows when it was sent and which one it
 * is: MARK, 19 digits of nanoseconds (CLOCK_MONOTONIC), a colon, 12 digits of its number from 1. */
#define MARK "sent:"
enum { MARK_BYTES = 5, MARK_TIME_DIGITS = 19, MARK_NUMBER_DIGITS = 12 };

enum { GROUPS_MAX = 4 };

/* X(name): counters of a tally, by these names in the report too. */
/* clang-format off */
#define TALLY_COUNTS(X) \
    X(in)         /* connections that are in now */ \
    X(closed)     /* ended by the server though nothing had asked for it */ \
    X(restarts)   /* ended by the server with a time to come back */ \
    X(tries)      /* connections tried */ \
    X(unheard)    /* of those: nobody listened */ \
    X(crowded)    /* of those: the queue of the listener was full */ \
    X(refused)    /* of those: answered by something else than 101 */ \
    X(resets)     /* told to load anew */ \
    X(deliveries) /* frames with a mark, or else with a seq */ \
    X(gaps)       /* numbers left out */ \
    X(duplicates) /* numbers that had come before */
/* clang-format on */

struct tally {
#define X(name) _Atomic uint64_t name;
    TALLY_COUNTS(X)
#undef X
    struct histogram latency;  /* ns from sent to received, of what was sent after `since_ns` */
    struct histogram entering; /* ns from `began_ns` until a connection is in */
};

/* What a group is told; a crowd looks every few milliseconds. */
struct control {
    _Atomic uint64_t open;     /* not 0: connections may be opened */
    _Atomic uint64_t deaf;     /* not 0: nothing is read */
    _Atomic uint64_t cuts;     /* when it has grown, all connections are dropped */
    _Atomic uint64_t began_ns; /* from when on `entering` counts */
};

struct tallies {
    _Atomic uint64_t since_ns; /* 0: nothing counts in `latency` yet */
    _Atomic uint64_t over;     /* not 0: the crowds end */
    struct control controls[GROUPS_MAX];
    unsigned count;
    struct tally each[];
};

static inline uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#endif
