/*
 * tally: what the processes of one load share in memory.
 *
 * The publisher and the crowds run in processes of their own, so that neither waits for the other.
 * Each crowd has a tally that only it writes.
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

struct tally {
    _Atomic uint64_t ready;      /* connections that are in */
    _Atomic uint64_t closed;     /* those that the server has ended since */
    _Atomic uint64_t deliveries; /* frames with a mark, or else with a seq */
    _Atomic uint64_t gaps;       /* numbers left out */
    _Atomic uint64_t duplicates; /* numbers that had come before */
    struct histogram latency;    /* ns; to be read when the crowd has ended */
};

struct tallies {
    _Atomic uint64_t since_ns; /* messages sent from then on count in `latency`; 0: none yet */
    _Atomic uint64_t over;     /* not 0: the crowds end */
    unsigned count;
    struct tally each[];
};

static inline uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#endif
