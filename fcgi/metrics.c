/*
 * metrics: the rows of metrics.h as a table, and how each kind is printed.
 */
#include "metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <stonechat/log.h>

#include "chore.h"
#include "route.h"

struct metrics metrics;

/* --- the tables --- */

struct row;
typedef void print_fn(FILE *out, const struct row *row, const uint64_t *cells);
static print_fn print_number, print_histogram, print_requests, print_chores, print_chore_times;

enum kind {
    KIND_COUNTER,
    KIND_GAUGE,
    KIND_HISTOGRAM,
    KIND_REQUESTS,
    KIND_CHORES,
    KIND_CHORE_TIMES
};

static const struct kind_row {
    const char *type;
    print_fn *print;
} kinds[] = {
    [KIND_COUNTER] = {"counter", print_number},
    [KIND_GAUGE] = {"gauge", print_number},
    [KIND_HISTOGRAM] = {"histogram", print_histogram},
    [KIND_REQUESTS] = {"counter", print_requests},
    [KIND_CHORES] = {"counter", print_chores},
    [KIND_CHORE_TIMES] = {"gauge", print_chore_times},
};

static const struct row {
    const char *name, *help;
    enum kind kind;
    size_t offset, cells;
} rows[] = {
#define X(kind, name, help)                                                                        \
    {"stonechat_fcgi_" #name, help, KIND_##kind, offsetof(struct metrics, name),                   \
     METRIC_CELLS_##kind},
    METRICS(X)
#undef X
};

/* --- counting --- */

void metric_observe(metric_cell histogram[SC_HISTOGRAM_CELLS], int64_t us) {
    int64_t time_us = us > 0 ? us : 0;
    metric_add(histogram + sc_histogram_bucket(time_us), 1);
    metric_add(histogram + SC_BUCKET_SUM, (uint64_t)time_us);
}

void metrics_init(const struct sc_settings *settings) {
    metric_set(metrics.process_start_time_seconds, (uint64_t)time(NULL));
    metric_set(metrics.threads, (uint64_t)settings->http_threads);
}

void metrics_count(const struct route *route, int status, int64_t us) {
    size_t at = route != NULL ? route_index(route) : route_count();
    metric_add(&metrics.requests_total[at * METRIC_CLASSES + (size_t)status / 100], 1);
    metric_observe(metrics.request_seconds, us);
}

/* --- asking --- */

bool metrics_are_asked(char *const *parameters) {
    static const char *const wanted[] = {"REQUEST_METHOD=GET", "REQUEST_URI=/metrics"};
    static const char address[] = "REMOTE_ADDR=";
    size_t found = 0;
    for (; *parameters != NULL; parameters++) {
        if (strncmp(*parameters, address, sizeof address - 1) == 0) {
            return false;
        }
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
            found += strcmp(*parameters, wanted[i]) == 0;
        }
    }
    return found == sizeof wanted / sizeof *wanted;
}

static void ask_others(struct site *site) {
    struct hasher *hasher = &site->hasher;
    pthread_mutex_lock(&hasher->lock);
    metric_set(metrics.hashes_running, hasher->running);
    metric_set(metrics.hashes_waiting, hasher->taken - hasher->running);
    pthread_mutex_unlock(&hasher->lock);
    metric_set(metrics.breaker_open, atomic_load(&site->breaker.open));
    metric_set(metrics.log_lines_dropped_total, sc_log_dropped());
}

/* --- the text --- */

static void print_number(FILE *out, const struct row *row, const uint64_t *cells) {
    fprintf(out, "%s %" PRIu64 "\n", row->name, cells[0]);
}

static void print_histogram(FILE *out, const struct row *row, const uint64_t *cells) {
    sc_histogram_print(out, row->name, cells);
}

/* Classes that may come are there from the start, so that their first time is seen as a rise. */
static void print_requests(FILE *out, const struct row *row, const uint64_t *cells) {
    static const int classes[] = {2, 4, 5};
    for (size_t i = 0; i <= route_count(); i++) {
        const struct route *route = route_at(i);
        for (size_t j = 0; j < sizeof classes / sizeof *classes; j++) {
            fprintf(out, "%s{method=\"%s\",route=\"%s%s\",status=\"%dxx\"} %" PRIu64 "\n",
                    row->name, route != NULL ? method_word(route->method) : "",
                    route != NULL ? "/api/v1/" : "", route != NULL ? route->path : "", classes[j],
                    cells[i * METRIC_CLASSES + (size_t)classes[j]]);
        }
    }
}

static void print_chores(FILE *out, const struct row *row, const uint64_t *cells) {
    for (size_t i = 0; i < CHORE_COUNT; i++) {
        fprintf(out, "%s{chore=\"%s\"} %" PRIu64 "\n", row->name, chores[i].name, cells[i]);
    }
}

/* Cells hold microseconds. */
static void print_chore_times(FILE *out, const struct row *row, const uint64_t *cells) {
    for (size_t i = 0; i < CHORE_COUNT; i++) {
        fprintf(out, "%s{chore=\"%s\"} %g\n", row->name, chores[i].name,
                (double)cells[i] / 1000000);
    }
}

char *metrics_text(struct site *site) {
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    if (out == NULL) {
        abort();
    }
    ask_others(site);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        const struct kind_row *kind = &kinds[row->kind];
        const metric_cell *cells = (const metric_cell *)((const char *)&metrics + row->offset);
        uint64_t values[METRIC_CELLS_REQUESTS];
        for (size_t j = 0; j < row->cells; j++) {
            values[j] = atomic_load_explicit(cells + j, memory_order_relaxed);
        }
        fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help, row->name, kind->type);
        kind->print(out, row, values);
    }
    if (fclose(out) != 0) {
        abort();
    }
    return text;
}
