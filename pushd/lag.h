/*
 * lag: how far the event loop is behind, as a timer that says how late it is.
 *
 * Whatever keeps the loop from turning keeps everybody's messages waiting for as long.
 */
#ifndef PUSHD_LAG_H
#define PUSHD_LAG_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdint.h>

struct lag {
    struct event timer;
    int64_t due_us;
};

/* Begins to measure, into the metric loop_lag_seconds. */
void lag_init(struct lag *lag, struct event_base *base);
void lag_deinit(struct lag *lag);

#endif
