/*
 * finder: one sentinel at a time, on a connection for that question alone (see finder.h).
 *
 * Owned by a link, which dials what is found. Knows nothing of what the link does with it.
 */
#include "finder.h"

#include <event2/buffer.h>
#include <event2/event_struct.h>
#include <stdlib.h>

#include <stonechat/memory.h>

#include "dial.h"
#include "wire.h"

struct finder {
    struct event_base *base;
    const struct sc_settings *settings;
    const struct sc_endpoint *endpoint;
    finder_found_fn *on_found;
    void *context;
    size_t turn;  /* the sentinel that is asked */
    size_t tried; /* how many have been, for this question */
    unsigned attempts;
    bool asking;
    struct event timer; /* that sentinel's time is over */
    struct wire wire;
    int unread; /* replies that come before the one that matters */
    struct sc_address found;
};

static void give_within(struct finder *finder, int64_t ms) {
    struct timeval limit = {.tv_sec = ms / 1000, .tv_usec = (suseconds_t)(ms % 1000) * 1000};
    evtimer_add(&finder->timer, &limit);
}

/* --- one sentinel --- */

static void ask_sentinel(struct finder *finder) {
    const char *password = finder->settings->redis_sentinel_password;
    const char *auth[] = {"AUTH", password};
    const char *question[] = {"SENTINEL", "get-master-addr-by-name", finder->endpoint->master};
    finder->unread = password[0] != '\0';
    if (password[0] != '\0') {
        wire_send(&finder->wire, 2, auth, NULL);
    }
    wire_send(&finder->wire, 3, question, NULL);
}

static void finish(struct finder *finder, const struct sc_address *master) {
    wire_close(&finder->wire);
    evtimer_del(&finder->timer);
    finder->asking = false;
    finder->on_found(master, finder->context);
}

/* The next one is asked from the loop, so that nobody is called back from within a call. */
static void pass_on(struct finder *finder) {
    wire_close(&finder->wire);
    give_within(finder, 0);
}

static bool is_address(const redisReply *reply) {
    return reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 &&
           reply->element[0]->type == REDIS_REPLY_STRING &&
           reply->element[1]->type == REDIS_REPLY_STRING;
}

static void on_answer(struct finder *finder, const redisReply *reply) {
    if (is_address(reply) &&
        sc_address_set(&finder->found, reply->element[0]->str, reply->element[1]->str)) {
        finish(finder, &finder->found);
    } else {
        pass_on(finder);
    }
}

static void on_readable(struct bufferevent *stream, void *context) {
    struct finder *finder = context;
    struct evbuffer *input = bufferevent_get_input(stream);
    size_t bytes = evbuffer_get_length(input);
    void *reply = NULL;
    redisReaderFeed(finder->wire.reader, (const char *)evbuffer_pullup(input, -1), bytes);
    evbuffer_drain(input, bytes);
    while (finder->wire.reader != NULL &&
           redisReaderGetReply(finder->wire.reader, &reply) == REDIS_OK && reply != NULL) {
        if (finder->unread-- == 0) {
            on_answer(finder, reply);
        }
        freeReplyObject(reply);
        reply = NULL;
    }
    if (finder->wire.reader != NULL && finder->wire.reader->err != 0) {
        pass_on(finder);
    }
}

static void on_stream_event(struct bufferevent *stream, short what, void *context) {
    struct finder *finder = context;
    (void)stream;
    if ((what & BEV_EVENT_CONNECTED) != 0) {
        ask_sentinel(finder);
    } else {
        pass_on(finder);
    }
}

static void open_sentinel(struct finder *finder) {
    const struct sc_address *address = &finder->endpoint->sentinels[finder->turn];
    int64_t limit_ms = finder->settings->redis_connect_ms;
    wire_open(&finder->wire, finder->base, on_readable, on_stream_event, finder);
    give_within(finder, limit_ms);
    if (!dial_tcp(finder->wire.stream, address, finder->attempts++, limit_ms)) {
        pass_on(finder);
    }
}

/* --- one after another --- */

static void on_time(evutil_socket_t fd, short what, void *context) {
    struct finder *finder = context;
    (void)fd;
    (void)what;
    wire_close(&finder->wire);
    if (finder->tried > 0) {
        finder_doubt(finder);
    }
    if (finder->tried++ == finder->endpoint->sentinels_count) {
        finish(finder, NULL);
    } else {
        open_sentinel(finder);
    }
}

void finder_ask(struct finder *finder) {
    if (!finder->asking) {
        finder->asking = true;
        finder->tried = 0;
        give_within(finder, 0);
    }
}

void finder_doubt(struct finder *finder) {
    finder->turn = (finder->turn + 1) % finder->endpoint->sentinels_count;
}

struct finder *finder_new(struct event_base *base, const struct sc_settings *settings,
                          const struct sc_endpoint *endpoint, finder_found_fn *on_found,
                          void *context) {
    struct finder *finder = sc_xcalloc(1, sizeof *finder);
    *finder = (struct finder){.base = base,
                              .settings = settings,
                              .endpoint = endpoint,
                              .on_found = on_found,
                              .context = context};
    evtimer_assign(&finder->timer, base, on_time, finder);
    return finder;
}

void finder_free(struct finder **finder) {
    struct finder *mine = *finder;
    *finder = NULL;
    if (mine != NULL) {
        wire_close(&mine->wire);
        event_del(&mine->timer);
        sc_address_deinit(&mine->found);
        free(mine);
    }
}
