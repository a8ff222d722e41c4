/*
 * metrics: the rows of metrics.h as a table, and how each kind is summed and printed.
 */
#include "metrics.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <stonechat/writer.h>

static struct metrics own; /* of a process that shares them with nobody */
static struct metrics *places = &own;
static size_t places_count = 1;
struct metrics *metrics = &own;

/* --- the tables --- */

struct row;
typedef void print_fn(FILE *out, const struct row *row, const uint64_t *sums);
static print_fn print_number, print_workers, print_age, print_words, print_refusals, print_closes,
    print_histogram;

enum kind {
    KIND_UP,
    KIND_COUNTER,
    KIND_GAUGE,
    KIND_MOST,
    KIND_AGE,
    KIND_SIGN_INS,
    KIND_CATCH_UPS,
    KIND_READS,
    KIND_LINKS,
    KIND_REFUSALS,
    KIND_CLOSES,
    KIND_HISTOGRAM
};

static const struct kind_row {
    const char *type;
    print_fn *print;
    const char *label;
    const char *words[4];
} kinds[] = {
    [KIND_UP] = {.type = "gauge", .print = print_workers},
    [KIND_COUNTER] = {.type = "counter", .print = print_number},
    [KIND_GAUGE] = {.type = "gauge", .print = print_number},
    [KIND_MOST] = {.type = "gauge", .print = print_number},
    [KIND_AGE] = {.type = "gauge", .print = print_age},
    [KIND_SIGN_INS] = {"counter", print_words, "result", {"ok", "refused", "failed"}},
    [KIND_CATCH_UPS] = {"counter", print_words, "cause", {"resume", "shed", "join"}},
    [KIND_READS] = {"counter", print_words, "for", {"newest", "verify", "gap", "behind"}},
    [KIND_LINKS] = {"counter", print_words, "link", {"subscriptions", "commands"}},
    [KIND_REFUSALS] = {.type = "counter", .print = print_refusals},
    [KIND_CLOSES] = {.type = "counter", .print = print_closes},
    [KIND_HISTOGRAM] = {.type = "histogram", .print = print_histogram},
};

static const struct row {
    const char *name, *help;
    enum kind kind;
    size_t offset, cells;
} rows[] = {
#define X(kind, name, help)                                                                        \
    {"stonechat_pushd_" #name, help, KIND_##kind, offsetof(struct metrics, name),                  \
     METRIC_CELLS_##kind},
    METRICS(X)
#undef X
};

enum { ROWS = sizeof rows / sizeof *rows, CELLS_MAX = SC_ERROR_COUNT };

/* --- counting --- */

int64_t metrics_now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void metric_observe(metric_cell histogram[METRIC_CELLS_HISTOGRAM], int64_t us) {
    int64_t time_us = us > 0 ? us : 0;
    metric_add(histogram + sc_histogram_bucket(time_us), 1);
    metric_add(histogram + SC_BUCKET_SUM, (uint64_t)time_us);
}

/* --- places --- */

static metric_cell *cells_of(size_t worker, const struct row *row) {
    return (metric_cell *)((char *)&places[worker] + row->offset);
}

void metrics_share(size_t workers) {
    int flags = MAP_SHARED | MAP_ANONYMOUS;
    places = mmap(NULL, workers * sizeof *places, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (places == MAP_FAILED) {
        abort();
    }
    places_count = workers;
}

void metrics_begin(size_t worker) {
    metrics = &places[worker];
    metric_set(metrics->worker_up, 1);
    metric_add(metrics->worker_starts_total, 1);
    metric_set(metrics->canary_age_seconds, (uint64_t)metrics_now_us());
}

void metrics_end(size_t worker) {
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(kinds[rows[i].kind].type, "gauge") == 0) {
            metric_set(cells_of(worker, &rows[i]), 0);
        }
    }
}

/* --- the sum --- */

/* Of ages the greatest, which began first. */
static uint64_t fold(enum kind kind, uint64_t sum, uint64_t value) {
    if (kind == KIND_MOST) {
        return value > sum ? value : sum;
    }
    if (kind != KIND_AGE) {
        return sum + value;
    }
    return sum == 0 || (value != 0 && value < sum) ? value : sum;
}

static void sum_up(const struct row *row, uint64_t *sums) {
    memset(sums, 0, row->cells * sizeof *sums);
    for (size_t worker = 0; worker < places_count; worker++) {
        const metric_cell *cells = cells_of(worker, row);
        for (size_t i = 0; i < row->cells; i++) {
            uint64_t value = atomic_load_explicit(cells + i, memory_order_relaxed);
            sums[i] = fold(row->kind, sums[i], value);
        }
    }
}

/* --- the text --- */

static void print_number(FILE *out, const struct row *row, const uint64_t *sums) {
    fprintf(out, "%s %" PRIu64 "\n", row->name, sums[0]);
}

static void print_workers(FILE *out, const struct row *row, const uint64_t *sums) {
    (void)sums;
    for (size_t worker = 0; worker < places_count; worker++) {
        fprintf(out, "%s{worker=\"%zu\"} %" PRIu64 "\n", row->name, worker,
                atomic_load_explicit(cells_of(worker, row), memory_order_relaxed));
    }
}

static void print_age(FILE *out, const struct row *row, const uint64_t *sums) {
    int64_t age_us = sums[0] != 0 ? metrics_now_us() - (int64_t)sums[0] : 0;
    fprintf(out, "%s %.6f\n", row->name, (double)age_us / 1e6);
}

static void print_words(FILE *out, const struct row *row, const uint64_t *sums) {
    const struct kind_row *kind = &kinds[row->kind];
    for (size_t i = 0; i < row->cells; i++) {
        fprintf(out, "%s{%s=\"%s\"} %" PRIu64 "\n", row->name, kind->label, kind->words[i],
                sums[i]);
    }
}

/* Every reason that may come is there from the start, so that its first time is seen as a rise. */
static void print_refusals(FILE *out, const struct row *row, const uint64_t *sums) {
    for (enum sc_error error = SC_OK + 1; error < SC_ERROR_COUNT; error++) {
        const struct sc_error_row *why = sc_error_row(error);
        fprintf(out, "%s{status=\"%d\",reason=\"%s\"} %" PRIu64 "\n", row->name, why->http_status,
                why->code, sums[error]);
    }
}

static void print_closes(FILE *out, const struct row *row, const uint64_t *sums) {
    for (enum sc_error error = SC_OK + 1; error < SC_ERROR_COUNT; error++) {
        const struct sc_error_row *why = sc_error_row(error);
        if (why->close_code != 0) {
            fprintf(out, "%s{code=\"%d\",reason=\"%s\"} %" PRIu64 "\n", row->name, why->close_code,
                    why->code, sums[error]);
        }
    }
}

static void print_histogram(FILE *out, const struct row *row, const uint64_t *sums) {
    sc_histogram_print(out, row->name, sums);
}

char *metrics_text(void) {
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    if (out == NULL) {
        abort();
    }
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        uint64_t sums[CELLS_MAX];
        const struct kind_row *kind = &kinds[row->kind];
        sum_up(row, sums);
        fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help, row->name, kind->type);
        kind->print(out, row, sums);
    }
    if (fclose(out) != 0) {
        abort();
    }
    return text;
}

/* --- for administrators --- */

static const struct {
    const char *word;
    size_t offset;
} figures[] = {
    {"connections", offsetof(struct metrics, connections)},
    {"users", offsetof(struct metrics, users)},
    {"rooms", offsetof(struct metrics, rooms)},
    {"queue_bytes", offsetof(struct metrics, queue_bytes)},
    {"publications", offsetof(struct metrics, publications_total)},
    {"frames_sent", offsetof(struct metrics, frames_sent_total)},
    {"bytes_sent", offsetof(struct metrics, bytes_sent_total)},
    {"entries_replayed", offsetof(struct metrics, entries_replayed_total)},
    {"sheds", offsetof(struct metrics, sheds_total)},
    {"gaps", offsetof(struct metrics, gaps_seen_total)},
};

char *metrics_figures(void) {
    uint64_t began_us = metric_get(metrics->canary_age_seconds);
    int64_t age_us = began_us != 0 ? metrics_now_us() - (int64_t)began_us : 0;
    struct sc_writer out = {0};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        const metric_cell *cell = (const metric_cell *)((const char *)metrics + figures[i].offset);
        sc_writer_raw(&out, i > 0 ? ",\"" : "{\"");
        sc_writer_raw(&out, figures[i].word);
        sc_writer_raw(&out, "\":");
        sc_writer_number(&out, metric_get(cell));
    }
    sc_writer_raw(&out, ",\"canary_ms\":");
    sc_writer_number(&out, (uint64_t)(age_us / 1000));
    sc_writer_raw(&out, "}");
    return sc_writer_take(&out);
}
