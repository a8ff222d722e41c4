/*
 * pace: how fast people can be let in, and over which time those who are sent away should return.
 *
 * Measured where it can be: in seconds in which many came, what one of them cost of the processor.
 * Half of the processor is left to those who are in. Pure: it is told the time.
 */
#ifndef PUSHD_PACE_H
#define PUSHD_PACE_H

#include <stdint.h>

struct pace {
    uint64_t welcomed; /* when last looked */
    int64_t cpu_us;
    double per_second;
};

/* `welcomed`: how many have been counted before it. */
void pace_init(struct pace *pace, uint64_t welcomed);

/* How many have been welcomed so far, and what the process has used; once a second or so. */
void pace_look(struct pace *pace, uint64_t welcomed, int64_t cpu_us);

/* The time, in ms and never 0, over which `population` people should spread their return. */
uint64_t pace_spread_ms(const struct pace *pace, uint64_t population);

#endif
