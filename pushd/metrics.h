/*
 * metrics: what a worker counts, one row a metric, and all workers' sums as Prometheus text.
 *
 * Each worker has a struct of its own in memory that all of them map, and is the only one to write
 * to it: counting is a plain addition, without a lock and without a call. Whoever is asked prints
 * the sum over all workers. A worker that takes a dead one's place goes on counting where that one
 * stopped, so that no counter ever falls.
 */
#ifndef PUSHD_METRICS_H
#define PUSHD_METRICS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/error.h>
#include <stonechat/histogram.h>

/* X(kind, name, help): the field of struct metrics, and with stonechat_pushd_ before it the name in
 * the text. A metric is an array of cells, as many as its kind says (METRIC_CELLS_kind). */
/* clang-format off */
#define METRICS(X) \
    X(UP,        worker_up,                   "Whether this worker is running.") \
    X(COUNTER,   worker_starts_total,         "Workers started, replacements included.") \
    X(GAUGE,     connections,                 "Connections that are open, in whatever state.") \
    X(COUNTER,   connections_accepted_total,  "Connections accepted.") \
    X(COUNTER,   accept_pauses_total,         "Times that accepting stopped for want of descriptors or memory.") \
    X(SIGN_INS,  sign_ins_total,              "Requests for a WebSocket that named somebody, by what came of them.") \
    X(REFUSALS,  refusals_total,              "Requests answered by an error.") \
    X(CLOSES,    closes_total,                "WebSocket connections that were closed from this side.") \
    X(COUNTER,   client_closes_total,         "WebSocket connections that the client closed by a Close frame.") \
    X(COUNTER,   bytes_received_total,        "Bytes read from connections.") \
    X(COUNTER,   frames_received_total,       "WebSocket frames read from connections.") \
    X(COUNTER,   bytes_sent_total,            "Bytes written to connections.") \
    X(COUNTER,   frames_sent_total,           "WebSocket frames, and HTTP answers, written to connections in full.") \
    X(COUNTER,   deflated_frames_total,       "Frames that were deflated, each once for all its readers.") \
    X(GAUGE,     queue_bytes,                 "Bytes that wait to be written to connections.") \
    X(COUNTER,   sheds_total,                 "Queues of slow connections that were dropped.") \
    X(GAUGE,     rooms,                       "Rooms that are subscribed.") \
    X(GAUGE,     users,                       "Users who are subscribed.") \
    X(MOST,      nodes,                       "Workers of all push daemons that are alive, as this one's know.") \
    X(COUNTER,   presence_changes_total,      "Users who came online or went offline, noted by this daemon.") \
    X(COUNTER,   publications_total,          "Events that came by the channels of rooms and users.") \
    X(COUNTER,   notices_total,               "Notices that came from other programs and were passed on.") \
    X(COUNTER,   notices_dropped_total,       "Notices that were dropped, being no JSON object of at most 64 KiB.") \
    X(CATCH_UPS, catch_ups_total,             "Times that a reader of a room set out to catch up, by why.") \
    X(COUNTER,   entries_replayed_total,      "Log entries that were sent to readers who were catching up.") \
    X(COUNTER,   resets_total,                "Readers of a room who were told to load anew.") \
    X(READS,     log_reads_total,             "Ranges of rooms' logs that were asked of Redis, by what for.") \
    X(COUNTER,   gaps_seen_total,             "Gaps noticed between the publications of a room.") \
    X(COUNTER,   gaps_filled_total,           "Such gaps that were filled from the log.") \
    X(COUNTER,   missed_entries_total,        "Log entries whose publication was missed, read from the log instead.") \
    X(LINKS,     link_losses_total,           "Times that a link to Redis was lost.") \
    X(COUNTER,   passing_dropped_total,       "Typing and canaries that were not published, since Redis was slow.") \
    X(AGE,       canary_age_seconds,          "Time since the canary came back through Redis, of the worker that waits longest.") \
    X(HISTOGRAM, canary_round_trip_seconds,   "Time in which the canary came back through Redis.") \
    X(HISTOGRAM, redis_command_seconds,       "Time in which Redis answered a command.") \
    X(HISTOGRAM, loop_lag_seconds,            "How much later than planned a timer of the event loop fired.") \
    X(COUNTER,   log_lines_dropped_total,     "Lines of the log that could not be written.")
/* clang-format on */

/* The labels of those that have one: the words are in metrics.c, in the same order. */
enum metric_sign_in {
    METRIC_SIGN_IN_OK,
    METRIC_SIGN_IN_REFUSED,
    METRIC_SIGN_IN_FAILED,
    METRIC_SIGN_INS
};
enum metric_catch_up {
    METRIC_CATCH_UP_RESUME,
    METRIC_CATCH_UP_SHED,
    METRIC_CATCH_UP_JOIN,
    METRIC_CATCH_UPS
};
enum metric_link { METRIC_LINK_SUBSCRIPTIONS, METRIC_LINK_COMMANDS, METRIC_LINKS };
enum { METRIC_READS = 4 }; /* enum room_read without READ_NOTHING */

enum {
    METRIC_CELLS_UP = 1,
    METRIC_CELLS_COUNTER = 1,
    METRIC_CELLS_GAUGE = 1,
    METRIC_CELLS_MOST = 1, /* of all workers', not their sum */
    METRIC_CELLS_AGE = 1,  /* microseconds of CLOCK_MONOTONIC at which it began; 0: nobody waits */
    METRIC_CELLS_SIGN_INS = METRIC_SIGN_INS,
    METRIC_CELLS_CATCH_UPS = METRIC_CATCH_UPS,
    METRIC_CELLS_READS = METRIC_READS,
    METRIC_CELLS_LINKS = METRIC_LINKS,
    METRIC_CELLS_REFUSALS = SC_ERROR_COUNT,
    METRIC_CELLS_CLOSES = SC_ERROR_COUNT,
    METRIC_CELLS_HISTOGRAM = SC_HISTOGRAM_CELLS
};

typedef _Atomic uint64_t metric_cell;

struct metrics {
#define X(kind, name, help) metric_cell name[METRIC_CELLS_##kind];
    METRICS(X)
#undef X
} __attribute__((aligned(64)));

/* This process's own; never NULL, and shared with nobody before metrics_begin. */
extern struct metrics *metrics;

/* Only its owner writes to a cell: no read-modify-write that the processor would have to lock. */
static inline void metric_set(metric_cell *cell, uint64_t value) {
    atomic_store_explicit(cell, value, memory_order_relaxed);
}

static inline uint64_t metric_get(const metric_cell *cell) {
    return atomic_load_explicit(cell, memory_order_relaxed);
}

static inline void metric_add(metric_cell *cell, uint64_t count) {
    metric_set(cell, metric_get(cell) + count);
}

static inline void metric_subtract(metric_cell *gauge, uint64_t count) {
    metric_add(gauge, -count);
}

/* Microseconds of CLOCK_MONOTONIC, the same in all processes of the machine. */
int64_t metrics_now_us(void);
/* Counts one more time in a histogram; a negative one is none. */
void metric_observe(metric_cell histogram[METRIC_CELLS_HISTOGRAM], int64_t us);

/* In the master, before it forks: makes room for `workers`. It lasts as long as the process. */
void metrics_share(size_t workers);
/* In a worker: from now on `metrics` is the place of that number. */
void metrics_begin(size_t worker);
/* In the master: that worker is gone, and its gauges with it. */
void metrics_end(size_t worker);

/* All workers' sums, in Prometheus's text format 0.0.4. Freed by the caller. */
char *metrics_text(void);
/* This worker's own, those that administrators watch, as one JSON object; freed by the caller. */
char *metrics_figures(void);

#endif
