/*
 * master: the thread that asks, and what it knows (see master.h).
 *
 * Made by site when `redis.url` names sentinels; asked by every link before it connects.
 */
#include "master.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <hiredis/hiredis.h>

#include <stonechat/backoff.h>
#include <stonechat/log.h>
#include <stonechat/memory.h>

#include "clock.h"

enum { WATCH_MS = 1000, PAUSE_FIRST_MS = 50, PAUSE_MOST_MS = 1000 };

struct master {
    const struct sc_endpoint *endpoint;
    const struct sc_settings *settings;
    pthread_t thread;
    size_t turn; /* the sentinel that is asked; the thread's own */
    struct sc_backoff backoff;
    atomic_uint version; /* counts the addresses; 0: none so far */
    atomic_bool ending;
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t found, wanted;
    struct sc_address address;
    bool unknown; /* nobody could tell, the last time */
    bool doubted; /* and not asked since */
    bool fresh;   /* what is known was asked after the last doubt */
};

/* --- the question --- */

static bool take_answer(const redisReply *reply, struct sc_address *out) {
    return reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 &&
           reply->element[0]->type == REDIS_REPLY_STRING &&
           reply->element[1]->type == REDIS_REPLY_STRING &&
           sc_address_set(out, reply->element[0]->str, reply->element[1]->str);
}

static bool ask_on(const struct master *master, redisContext *sentinel, struct sc_address *out) {
    const char *password = master->settings->redis_sentinel_password;
    if (password[0] != '\0') {
        freeReplyObject(redisCommand(sentinel, "AUTH %s", password));
    }
    redisReply *reply =
        redisCommand(sentinel, "SENTINEL get-master-addr-by-name %s", master->endpoint->master);
    bool known = take_answer(reply, out);
    freeReplyObject(reply);
    return known;
}

static bool ask_one(const struct master *master, const struct sc_address *who,
                    struct sc_address *out) {
    int64_t ms = master->settings->redis_connect_ms;
    struct timeval limit = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    redisContext *sentinel = redisConnectWithTimeout(who->host, who->port, limit);
    bool known = sentinel && !sentinel->err && redisSetTimeout(sentinel, limit) == REDIS_OK &&
                 ask_on(master, sentinel, out);
    if (sentinel) {
        redisFree(sentinel);
    }
    return known;
}

/* From the one that answered last time on; when the program ends, no further. */
static bool ask_all(struct master *master, struct sc_address *out) {
    size_t count = master->endpoint->sentinels_count;
    for (size_t tried = 0; tried < count && !master->ending; tried++) {
        if (ask_one(master, &master->endpoint->sentinels[master->turn], out)) {
            return true;
        }
        master->turn = (master->turn + 1) % count;
    }
    return false;
}

/* --- what is known --- */

static void note(struct master *master, bool known, const struct sc_address *address) {
    master->fresh = known && !master->doubted;
    if (known && !sc_address_same(address, &master->address)) {
        const char *port = sc_log_number(address->port);
        sc_address_set(&master->address, address->host, port);
        atomic_fetch_add(&master->version, 1);
        sc_log(SC_LOG_INFO, "redis_master", "host", address->host, "port", port, NULL);
    }
    if (!known && !master->unknown) {
        sc_log(SC_LOG_WARNING, "redis_master_unknown", "master", master->endpoint->master, NULL);
    }
    master->unknown = !known;
    pthread_cond_broadcast(&master->found);
}

/* Until it is time to ask again: soon, and by chance, when somebody doubts. */
static void rest(struct master *master) {
    struct timespec end = clock_after(master->unknown ? 0 : WATCH_MS);
    while (!master->doubted && !master->ending &&
           pthread_cond_timedwait(&master->wanted, &master->lock, &end) == 0) {
    }
    if (!master->unknown && !master->doubted) {
        sc_backoff_reset(&master->backoff);
        return;
    }
    end = clock_after(sc_backoff_next(&master->backoff));
    while (!master->ending && pthread_cond_timedwait(&master->wanted, &master->lock, &end) == 0) {
    }
    master->turn = (master->turn + 1) % master->endpoint->sentinels_count;
    master->doubted = false;
}

static void *watch(void *context) {
    struct master *master = context;
    struct sc_address address = {0};
    pthread_mutex_lock(&master->lock);
    while (!master->ending) {
        pthread_mutex_unlock(&master->lock);
        bool known = ask_all(master, &address);
        pthread_mutex_lock(&master->lock);
        note(master, known, &address);
        rest(master);
    }
    pthread_mutex_unlock(&master->lock);
    sc_address_deinit(&address);
    return NULL;
}

bool master_where(struct master *master, int64_t wait_ms, struct sc_address *out,
                  unsigned *version_out) {
    struct timespec end = clock_after(wait_ms);
    pthread_mutex_lock(&master->lock);
    while (!master->fresh && pthread_cond_timedwait(&master->found, &master->lock, &end) == 0) {
    }
    bool known = master->fresh;
    if (known) {
        sc_address_set(out, master->address.host, sc_log_number(master->address.port));
    }
    *version_out = atomic_load(&master->version);
    pthread_mutex_unlock(&master->lock);
    return known;
}

bool master_has_moved(struct master *master, unsigned version) {
    return atomic_load(&master->version) != version;
}

void master_doubt(struct master *master, unsigned version) {
    pthread_mutex_lock(&master->lock);
    if (atomic_load(&master->version) == version && !master->doubted) {
        master->doubted = true;
        master->fresh = false;
        pthread_cond_signal(&master->wanted);
    }
    pthread_mutex_unlock(&master->lock);
}

/* --- its life --- */

struct master *master_new(const struct sc_endpoint *endpoint, const struct sc_settings *settings) {
    struct master *master = sc_xcalloc(1, sizeof *master);
    master->endpoint = endpoint;
    master->settings = settings;
    master->backoff = (struct sc_backoff){.first_ms = PAUSE_FIRST_MS, .most_ms = PAUSE_MOST_MS};
    pthread_mutex_init(&master->lock, NULL);
    clock_cond_init(&master->found);
    clock_cond_init(&master->wanted);
    if (pthread_create(&master->thread, NULL, watch, master) != 0) {
        abort();
    }
    return master;
}

void master_free(struct master **master) {
    struct master *mine = *master;
    *master = NULL;
    if (!mine) {
        return;
    }
    pthread_mutex_lock(&mine->lock);
    mine->ending = true;
    pthread_cond_signal(&mine->wanted);
    pthread_mutex_unlock(&mine->lock);
    pthread_join(mine->thread, NULL);
    pthread_cond_destroy(&mine->wanted);
    pthread_cond_destroy(&mine->found);
    pthread_mutex_destroy(&mine->lock);
    sc_address_deinit(&mine->address);
    free(mine);
}
