/*
 * janitor: which chore is due next, and one turn of it.
 *
 * Made by main once the pool is open, closed after it. Knows nothing of what the chores do.
 */
#include "janitor.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>
#include <stonechat/token.h>

#include "clock.h"
#include "metrics.h"
#include "store_chores.h"

/* An instance that dies holds a chore up for as long as a lease; a turn takes a small part of it.
 * A breath after each turn, also where more was left to do, is the requests' share of Redis. */
enum { LEASE_MS = 30000, RETRY_MS = 5000, BREATH_MS = 10 };

_Static_assert((int)CHORE_COUNT <= (int)METRIC_CHORES_MAX, "a cell for each chore");

struct duty {
    int64_t due_ms;
    bool failing; /* and the log has been told */
};

struct janitor {
    struct site *site;
    const struct chore *rows;
    size_t count;
    struct duty *duties; /* one a row */
    char instance[SC_ID_MAX + 1];
    struct link link;
    pthread_t thread;
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t told;
    bool ending;
};

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* --- one turn --- */

static void note_failure(struct duty *duty, const struct chore *row, enum sc_error error) {
    if (error != SC_OK && !duty->failing) {
        sc_log(SC_LOG_WARNING, "chore_failed", "chore", row->name, "code",
               sc_error_row(error)->code, NULL);
    } else if (error == SC_OK && duty->failing) {
        sc_log(SC_LOG_INFO, "chore_works_again", "chore", row->name, NULL);
    }
    duty->failing = error != SC_OK;
}

static enum sc_error work(struct janitor *janitor, size_t index, bool *more_out) {
    const struct chore *row = &janitor->rows[index];
    int64_t began_us = clock_us();
    enum sc_error error = row->run(&janitor->link, janitor->site->settings, more_out);
    metric_add(&metrics.chore_runs_total[index], 1);
    metric_add(&metrics.chore_failures_total[index], error != SC_OK);
    metric_set(&metrics.chore_last_seconds[index], (uint64_t)(clock_us() - began_us));
    note_failure(&janitor->duties[index], row, error);
    return error;
}

/* How long until it is to be tried again. That Redis is away is for the link to say. */
static int64_t turn(struct janitor *janitor, size_t index) {
    const struct chore *row = &janitor->rows[index];
    const struct store_chore chore = {row->name, janitor->instance};
    int64_t wait_ms, rest_ms = row->every_ms;
    bool more = false;
    link_begin(&janitor->link);
    enum sc_error error = store_chore_take(&janitor->link, &chore, LEASE_MS, &wait_ms);
    if (error != SC_OK) {
        return least(error == SC_BUSY ? wait_ms : RETRY_MS, row->every_ms);
    }
    link_extend(&janitor->link);
    error = work(janitor, index, &more);
    if (error != SC_OK) {
        rest_ms = least(RETRY_MS, row->every_ms);
    } else if (more) {
        rest_ms = 0;
    }
    link_extend(&janitor->link);
    store_chore_leave(&janitor->link, &chore, rest_ms);
    return rest_ms;
}

/* --- one after another --- */

static size_t soonest(const struct janitor *janitor) {
    size_t found = 0;
    for (size_t i = 1; i < janitor->count; i++) {
        if (janitor->duties[i].due_ms < janitor->duties[found].due_ms) {
            found = i;
        }
    }
    return found;
}

/* Until then, or until it ends; whether to go on. */
static bool rest_until(struct janitor *janitor, int64_t due_ms) {
    struct timespec due = clock_after(due_ms - clock_ms());
    pthread_mutex_lock(&janitor->lock);
    while (!janitor->ending &&
           pthread_cond_timedwait(&janitor->told, &janitor->lock, &due) != ETIMEDOUT) {
    }
    bool goes_on = !janitor->ending;
    pthread_mutex_unlock(&janitor->lock);
    return goes_on;
}

static void *run(void *context) {
    struct janitor *janitor = context;
    size_t next = soonest(janitor);
    while (rest_until(janitor, janitor->duties[next].due_ms)) {
        int64_t wait_ms = turn(janitor, next);
        janitor->duties[next].due_ms = clock_ms() + (wait_ms > BREATH_MS ? wait_ms : BREATH_MS);
        next = soonest(janitor);
    }
    return NULL;
}

/* --- its life --- */

static void janitor_free(struct janitor **janitor) {
    struct janitor *mine = *janitor;
    *janitor = NULL;
    pthread_cond_destroy(&mine->told);
    pthread_mutex_destroy(&mine->lock);
    link_deinit(&mine->link);
    free(mine->duties);
    free(mine);
}

struct janitor *janitor_new(struct site *site, const struct chore *rows, size_t count) {
    struct janitor *janitor = sc_xcalloc(1, sizeof *janitor);
    janitor->site = site;
    janitor->rows = rows;
    janitor->count = count;
    janitor->duties = sc_xcalloc(count, sizeof *janitor->duties);
    sc_id_new(janitor->instance);
    site_link(site, &janitor->link);
    pthread_mutex_init(&janitor->lock, NULL);
    clock_cond_init(&janitor->told);
    int status = pthread_create(&janitor->thread, NULL, run, janitor);
    if (status != 0) {
        sc_log(SC_LOG_ERROR, "janitor_failed", "detail", strerror(status), NULL);
        janitor_free(&janitor);
    }
    return janitor;
}

bool janitor_close(struct janitor **janitor, int64_t wait_ms) {
    struct janitor *mine = *janitor;
    struct timespec deadline = clock_after(wait_ms);
    pthread_mutex_lock(&mine->lock);
    mine->ending = true;
    pthread_cond_signal(&mine->told);
    pthread_mutex_unlock(&mine->lock);
    if (pthread_clockjoin_np(mine->thread, NULL, CLOCK_MONOTONIC, &deadline) != 0) {
        return false;
    }
    janitor_free(janitor);
    return true;
}
