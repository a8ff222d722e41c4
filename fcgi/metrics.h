/*
 * metrics: what stonechat-fcgi counts, one row a metric, and all of it as Prometheus text.
 *
 * Threads add to shared cells, atomically and without an order among them. What somebody else
 * knows already (the breaker, the hasher, the log) is asked for when the text is made.
 */
#ifndef FCGI_METRICS_H
#define FCGI_METRICS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/histogram.h>

#include "site.h"

/* X(kind, name, help): the field of struct metrics, and with stonechat_fcgi_ before it the name in
 * the text. A metric is an array of cells, as many as its kind says (METRIC_CELLS_kind). */
/* clang-format off */
#define METRICS(X) \
    X(GAUGE,     process_start_time_seconds, "When the program was started, seconds since the epoch.") \
    X(REQUESTS,  requests_total,             "Requests answered, by route and class of status; without a route: no such endpoint.") \
    X(HISTOGRAM, request_seconds,            "Time from a request to its answer.") \
    X(GAUGE,     requests_in_flight,         "Requests that are being worked on.") \
    X(GAUGE,     threads,                    "Requests that can be worked on at the same time.") \
    X(COUNTER,   sessions_remembered_total,  "Requests whose session Redis had confirmed a moment ago.") \
    X(HISTOGRAM, redis_command_seconds,      "Time in which Redis answered a command.") \
    X(COUNTER,   redis_failures_total,       "Connections to Redis that failed or did not answer in time.") \
    X(GAUGE,     breaker_open,               "Whether Redis is taken to be away, and requests refused at once.") \
    X(GAUGE,     hashes_running,             "Passwords that are being hashed.") \
    X(GAUGE,     hashes_waiting,             "Requests that wait for a hasher.") \
    X(CHORES,    chore_runs_total,           "Turns of a chore, by its name.") \
    X(CHORES,    chore_failures_total,       "Turns of a chore that failed.") \
    X(CHORE_TIMES, chore_last_seconds,       "How long the latest turn of a chore took.") \
    X(COUNTER,   pushes_sent_total,          "Pushes that a push service has taken.") \
    X(COUNTER,   pushes_failed_total,        "Tries to send a push that failed and come again.") \
    X(COUNTER,   pushes_dropped_total,       "Pushes given up: refused, too old, tried too often, or without a place in the queue.") \
    X(COUNTER,   pushes_spared_total,        "Pushes that were not wanted any more: read meanwhile, quiet hours, a session that is over.") \
    X(COUNTER,   push_devices_gone_total,    "Subscriptions that their push service does not know any more.") \
    X(GAUGE,     pushes_waiting,             "Pushes that wait to be sent, of all instances together.") \
    X(GAUGE,     push_oldest_seconds,        "How long the push taken last had waited.") \
    X(COUNTER,   log_lines_dropped_total,    "Lines of the log that could not be written.")
/* clang-format on */

/* One status class a cell, those of requests that have no route last; one chore a cell. */
enum { METRIC_ROUTES_MAX = 96, METRIC_CLASSES = 6, METRIC_CHORES_MAX = 16 };

enum {
    METRIC_CELLS_COUNTER = 1,
    METRIC_CELLS_GAUGE = 1,
    METRIC_CELLS_HISTOGRAM = SC_HISTOGRAM_CELLS,
    METRIC_CELLS_REQUESTS = (METRIC_ROUTES_MAX + 1) * METRIC_CLASSES,
    METRIC_CELLS_CHORES = METRIC_CHORES_MAX,
    METRIC_CELLS_CHORE_TIMES = METRIC_CHORES_MAX
};

typedef _Atomic uint64_t metric_cell;

struct metrics {
#define X(kind, name, help) metric_cell name[METRIC_CELLS_##kind];
    METRICS(X)
#undef X
};

extern struct metrics metrics;

static inline void metric_add(metric_cell *cell, uint64_t count) {
    atomic_fetch_add_explicit(cell, count, memory_order_relaxed);
}

static inline void metric_set(metric_cell *cell, uint64_t value) {
    atomic_store_explicit(cell, value, memory_order_relaxed);
}

/* Counts one more time in a histogram. */
void metric_observe(metric_cell histogram[SC_HISTOGRAM_CELLS], int64_t us);

struct route;

/* Once, at the start. */
void metrics_init(const struct sc_settings *settings);
/* A request was answered; `route` NULL: there is none for it. */
void metrics_count(const struct route *route, int status, int64_t us);

/* Whether these FastCGI parameters ask for the figures, on behalf of nobody: nginx, which names the
 * client's address in all that comes from outside, names none here. */
bool metrics_are_asked(char *const *parameters);

/* All of it, in Prometheus's text format 0.0.4. Freed by the caller. */
char *metrics_text(struct site *site);

#endif
