/*
 * trunk: loads, and who carries them (see trunk.h).
 *
 * A load lies on the stack of the thread that waits for it. Who waits sleeps on its own link's
 * semaphore, which outlives any load, so that waking it is safe whenever it has gone on already.
 */
#include "trunk.h"

#include <errno.h>

#include "clock.h"
#include "metrics.h"
#include "wire.h"

enum { LOADS_MOST = 64 };

struct trunk_load {
    struct ask *ask;
    struct link_rider *rider; /* NULL: none */
    struct answer *rider_out, *answer_out;
    enum sc_error error;
    sem_t *woken;
    bool carries; /* woken to carry, and not because it is done */
    struct trunk_load *next;
};

void trunk_init(struct trunk *trunk, const struct link_terms *terms) {
    *trunk = (struct trunk){.last = NULL};
    pthread_mutex_init(&trunk->lock, NULL);
    link_init(&trunk->link, terms);
    trunk->link.is_shared = true;
    trunk->last = &trunk->first;
}

void trunk_deinit(struct trunk *trunk) {
    link_deinit(&trunk->link);
    pthread_mutex_destroy(&trunk->lock);
}

static bool takes(const struct ask *ask) {
    static const enum sc_script_id taken[] = {SC_SCRIPT_MESSAGE_SEND, SC_SCRIPT_MESSAGE_PAGE,
                                              SC_SCRIPT_ROOM_READ};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        if (ask->script == &sc_scripts[taken[i]]) {
            return true;
        }
    }
    return false;
}

/* --- to Redis --- */

static void send_all(struct link *link, const struct trunk_load *first) {
    for (const struct trunk_load *load = first; load; load = load->next) {
        if (load->rider) {
            wire_send(link, &load->rider->ask, true);
        }
        wire_send(link, load->ask, true);
    }
}

static enum sc_error take_one(struct link *link, const struct trunk_load *load) {
    enum sc_error error = load->rider ? wire_take(link, load->rider_out) : SC_OK;
    return error == SC_OK ? wire_take(link, load->answer_out) : error;
}

/* Redis has lost the script: once more, as text. */
static enum sc_error ask_again(struct link *link, const struct trunk_load *load) {
    answer_deinit(load->answer_out);
    wire_send(link, load->ask, false);
    return wire_take(link, load->answer_out);
}

/* What fails, fails for all that come after. */
static void carry_all(struct link *link, struct trunk_load *first) {
    enum sc_error error = link_ready(link);
    if (error == SC_OK) {
        send_all(link, first);
    }
    for (struct trunk_load *load = first; load; load = load->next) {
        error = error == SC_OK ? take_one(link, load) : error;
        load->error = error;
    }
    bool is_no_master = false;
    for (struct trunk_load *load = first; load && error == SC_OK; load = load->next) {
        if (answer_lost_script(load->answer_out)) {
            load->error = error = ask_again(link, load);
        }
        is_no_master |= answer_is_no_master(load->answer_out);
    }
    if (is_no_master && link->redis) {
        wire_close(link);
        wire_doubt(link);
    }
}

/* --- among the threads --- */

static struct trunk_load *take_loads(struct trunk *trunk) {
    struct trunk_load *first = trunk->first, *load = first;
    for (int i = 1; i < LOADS_MOST && load->next; i++) {
        load = load->next;
    }
    trunk->first = load->next;
    load->next = NULL;
    if (!trunk->first) {
        trunk->last = &trunk->first;
    }
    return first;
}

static void pass_on(struct trunk *trunk) {
    pthread_mutex_lock(&trunk->lock);
    struct trunk_load *next = trunk->first;
    trunk->is_carried = next != NULL;
    if (next) {
        next->carries = true;
        sem_post(next->woken);
    }
    pthread_mutex_unlock(&trunk->lock);
}

/* The carrier's own is the first. */
static void carry(struct trunk *trunk) {
    pthread_mutex_lock(&trunk->lock);
    struct trunk_load *first = take_loads(trunk);
    pthread_mutex_unlock(&trunk->lock);
    link_begin(&trunk->link);
    carry_all(&trunk->link, first);
    pass_on(trunk);
    for (struct trunk_load *load = first->next, *next; load; load = next) {
        next = load->next; /* who is woken may take it away */
        sem_post(load->woken);
    }
}

static void wait_for(sem_t *woken) {
    while (sem_wait(woken) != 0 && errno == EINTR) {
    }
}

static enum sc_error ask_with_others(void *context, struct link *asker, struct ask *ask,
                                     struct link_rider *rider, struct answer *rider_out,
                                     struct answer *answer_out) {
    struct trunk *trunk = context;
    struct trunk_load load = {.ask = ask,
                              .rider = rider,
                              .rider_out = rider_out,
                              .answer_out = answer_out,
                              .woken = &asker->woken};
    int64_t began_us = clock_us();
    pthread_mutex_lock(&trunk->lock);
    *trunk->last = &load;
    trunk->last = &load.next;
    load.carries = !trunk->is_carried;
    trunk->is_carried = true;
    bool carries = load.carries;
    pthread_mutex_unlock(&trunk->lock);
    if (!carries) {
        wait_for(load.woken);
    }
    if (load.carries) {
        carry(trunk);
    }
    int64_t waited_us = clock_us() - began_us;
    asker->left_ms -= waited_us / 1000;
    metric_observe(metrics.redis_command_seconds, waited_us);
    return load.error;
}

struct link_carrier trunk_carrier(struct trunk *trunk) {
    return (struct link_carrier){.context = trunk, .takes = takes, .ask = ask_with_others};
}
