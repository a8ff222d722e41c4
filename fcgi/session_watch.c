/*
 * session_watch: a canary, and an ear for it (see session_watch.h).
 *
 * Opened by main before requests are taken. Pub/sub keeps the order of what one Redis publishes:
 * when the canary sent at a moment has come back, everything published before it has come too.
 */
#include "session_watch.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <hiredis/hiredis.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>
#include <stonechat/schema.h>

#include "clock.h"
#include "site.h"
#include "wire.h"

enum { BEAT_MS = 250 };

struct session_watch {
    struct session_cache *cache;
    pthread_t thread;
    struct link mouth, ears;
    struct sc_key canary;
    int64_t beat_ms; /* when the next one is due */
    bool deaf;       /* that has been logged */
    int ending;      /* an eventfd */
    atomic_bool ended;
};

/* --- what is heard --- */

struct message {
    const char *channel, *text;
    size_t channel_bytes, text_bytes;
};

/* message CHANNEL TEXT, or pmessage PATTERN CHANNEL TEXT; not the answers to our subscribing. */
static bool read_message(const redisReply *reply, struct message *out) {
    size_t rows = reply->type == REDIS_REPLY_ARRAY ? reply->elements : 0;
    if (rows < 3 || strstr(reply->element[0]->str, "message") == NULL) {
        return false;
    }
    const redisReply *channel = reply->element[rows - 2], *text = reply->element[rows - 1];
    *out = (struct message){channel->str, text->str, (size_t)channel->len, (size_t)text->len};
    return true;
}

/* Most of what a user's devices are told has nothing to do with their sessions. */
static bool is_about_sessions(enum sc_channel_kind kind, const struct message *message) {
    static const char revoked[] = "{\"type\":\"revoked\"";
    return kind == SC_CHANNEL_USER_ACCOUNT ||
           (kind == SC_CHANNEL_USER_LIVE && message->text_bytes >= sizeof revoked - 1 &&
            memcmp(message->text, revoked, sizeof revoked - 1) == 0);
}

static void on_message(struct session_watch *watch, const struct message *message) {
    enum sc_channel_kind kind;
    char id[SC_ID_MAX + 1];
    if (!sc_channel_parse(message->channel, message->channel_bytes, &kind, id)) {
        return;
    }
    if (kind == SC_CHANNEL_CANARY) {
        session_cache_prove(watch->cache, strtoll(message->text, NULL, 10));
        watch->deaf = false;
    } else if (is_about_sessions(kind, message)) {
        session_cache_forget(watch->cache, id);
    }
}

/* All that has come; false when the connection is over, or may not listen to everything. */
static bool hear(struct session_watch *watch) {
    redisContext *redis = watch->ears.redis;
    bool fine = redisBufferRead(redis) == REDIS_OK;
    void *reply = NULL;
    while (fine && redisGetReplyFromReader(redis, &reply) == REDIS_OK && reply) {
        struct message message;
        if (read_message(reply, &message)) {
            on_message(watch, &message);
        }
        fine = ((const redisReply *)reply)->type != REDIS_REPLY_ERROR;
        freeReplyObject(reply);
    }
    return fine && redis->err == 0;
}

/* --- the ears --- */

static void fall_silent(struct session_watch *watch, const char *why) {
    session_cache_doubt(watch->cache);
    wire_close(&watch->ears);
    if (!watch->deaf) {
        sc_log(SC_LOG_WARNING, "sessions_not_heard", "detail", why, NULL);
    }
    watch->deaf = true;
}

static void subscribe(struct session_watch *watch) {
    static const enum sc_channel_kind kinds[] = {SC_CHANNEL_USER_LIVE, SC_CHANNEL_USER_ACCOUNT};
    struct ask ask;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        ask_command(&ask, "PSUBSCRIBE");
        ask_key(&ask, sc_channel(kinds[i], "*"));
        wire_send(&watch->ears, &ask, true);
    }
    ask_command(&ask, "SUBSCRIBE");
    ask_key(&ask, watch->canary);
    wire_send(&watch->ears, &ask, true);
    for (int done = 0; !done && redisBufferWrite(watch->ears.redis, &done) == REDIS_OK;) {
    }
}

/* --- the mouth --- */

/* Whether the ears are at the Redis that the mouth has just spoken to. */
static bool is_together(const struct session_watch *watch) {
    return watch->ears.redis && watch->ears.trips == watch->mouth.trips &&
           watch->ears.version == watch->mouth.version;
}

static enum sc_error speak(struct session_watch *watch) {
    struct ask ask;
    link_begin(&watch->mouth);
    ask_command(&ask, "PUBLISH");
    ask_key(&ask, watch->canary);
    ask_number(&ask, clock_ms());
    return link_tell(&watch->mouth, &ask);
}

/* What is published from the subscription on will be heard; before it nothing was remembered. */
static void beat(struct session_watch *watch) {
    watch->beat_ms = clock_ms() + BEAT_MS;
    if (speak(watch) != SC_OK) {
        fall_silent(watch, "Redis does not answer");
        return;
    }
    if (is_together(watch)) {
        return;
    }
    if (watch->ears.redis) {
        fall_silent(watch, "the connection has changed");
    }
    link_begin(&watch->ears);
    if (wire_open(&watch->ears, watch->ears.terms.connect_ms) == SC_OK) {
        subscribe(watch);
        watch->beat_ms = 0;
    }
}

/* --- its life --- */

static void *run(void *context) {
    struct session_watch *watch = context;
    while (!watch->ended) {
        int64_t left_ms = watch->beat_ms - clock_ms();
        struct pollfd fds[] = {
            {.fd = watch->ending, .events = POLLIN},
            {.fd = watch->ears.redis ? watch->ears.redis->fd : -1, .events = POLLIN}};
        poll(fds, 2, left_ms > 0 ? (int)left_ms : 0);
        if (watch->ears.redis && fds[1].revents != 0 && !hear(watch)) {
            fall_silent(watch, "the connection is over, or may not listen");
        }
        if (clock_ms() >= watch->beat_ms && !watch->ended) {
            beat(watch);
        }
    }
    return NULL;
}

struct session_watch *session_watch_new(struct site *site) {
    if (site->sessions.keep_ms == 0) {
        return NULL;
    }
    struct session_watch *watch = sc_xcalloc(1, sizeof *watch);
    char id[SC_ID_MAX + 1];
    sc_id_new(id);
    watch->cache = &site->sessions;
    watch->canary = sc_channel(SC_CHANNEL_CANARY, id);
    watch->ending = eventfd(0, EFD_CLOEXEC);
    site_link(site, &watch->mouth);
    site_link(site, &watch->ears);
    if (watch->ending < 0 || pthread_create(&watch->thread, NULL, run, watch) != 0) {
        abort();
    }
    return watch;
}

void session_watch_free(struct session_watch **watch) {
    struct session_watch *mine = *watch;
    *watch = NULL;
    if (!mine) {
        return;
    }
    mine->ended = true;
    eventfd_write(mine->ending, 1);
    pthread_join(mine->thread, NULL);
    close(mine->ending);
    link_deinit(&mine->ears);
    link_deinit(&mine->mouth);
    free(mine);
}
