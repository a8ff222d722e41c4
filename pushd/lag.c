/*
 * lag: a timer every 100 ms and the clock (see lag.h).
 */
#include "lag.h"

#include "metrics.h"

enum { EVERY_US = 100000 };

/* Not EV_PERSIST, which makes up for a late time by a shorter wait. */
static void plan(struct lag *lag) {
    struct timeval every = {.tv_usec = EVERY_US};
    lag->due_us = metrics_now_us() + EVERY_US;
    evtimer_add(&lag->timer, &every);
}

static void on_timer(evutil_socket_t fd, short what, void *context) {
    struct lag *lag = context;
    (void)fd;
    (void)what;
    metric_observe(metrics->loop_lag_seconds, metrics_now_us() - lag->due_us);
    plan(lag);
}

void lag_init(struct lag *lag, struct event_base *base) {
    evtimer_assign(&lag->timer, base, on_timer, lag);
    plan(lag);
}

void lag_deinit(struct lag *lag) {
    event_del(&lag->timer);
}
