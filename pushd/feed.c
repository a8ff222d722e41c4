/*
 * feed: SUBSCRIBE, UNSUBSCRIBE, and a row for each kind of channel (see feed.h).
 */
#include "feed.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>
#include <stonechat/schema.h>
#include <stonechat/token.h>

#include "link.h"
#include "metrics.h"

enum { CANARY_EVERY_MS = 500, CANARY_LATE_MS = 3000, HEALTHY_MS = 5000 };

struct feed {
    struct link *link;
    struct store *store;
    const struct feed_events *events;
    void *context;
    struct event *canary;
    struct sc_key canary_channel;
    int64_t up_ms, heard_ms;
};

static int64_t now_ms(void) {
    return metrics_now_us() / 1000;
}

/* --- commands --- */

/* The notices first: when the own channel is confirmed, both are. */
static const enum sc_channel_kind channels[FEED_KIND_COUNT][2] = {
    [FEED_ROOM] = {SC_CHANNEL_ROOM_NOTICE, SC_CHANNEL_ROOM_LIVE},
    [FEED_USER] = {SC_CHANNEL_USER_NOTICE, SC_CHANNEL_USER_LIVE},
};

static void send_pair(struct feed *feed, const char *command, enum feed_kind kind, const char *id) {
    struct sc_key first = sc_channel(channels[kind][0], id);
    struct sc_key second = sc_channel(channels[kind][1], id);
    const char *arguments[] = {command, first.text, second.text};
    link_push_command(feed->link, 3, arguments, NULL);
}

void feed_subscribe(struct feed *feed, enum feed_kind kind, const char *id) {
    send_pair(feed, "SUBSCRIBE", kind, id);
}

void feed_unsubscribe(struct feed *feed, enum feed_kind kind, const char *id) {
    send_pair(feed, "UNSUBSCRIBE", kind, id);
}

/* --- what comes, a row a channel --- */

static void on_live(struct feed *feed, enum feed_kind kind, const char *id, const char *json,
                    size_t bytes) {
    struct sc_event_head head;
    metric_add(metrics->publications_total, 1);
    if (sc_event_peek(json, bytes, &head)) {
        feed->events->on_event(feed->context, kind, id, &head, json, bytes);
    } else {
        sc_log(SC_LOG_WARNING, "event_not_understood", "id", id, NULL);
    }
}

static void on_notice(struct feed *feed, enum feed_kind kind, const char *id, const char *json,
                      size_t bytes) {
    char *text = sc_notice_encode(json, bytes, kind == FEED_ROOM ? id : NULL);
    if (text == NULL) {
        metric_add(metrics->notices_dropped_total, 1);
        sc_log(SC_LOG_WARNING, "notice_dropped", "why", "not a JSON object of at most 64 KiB",
               "bytes", sc_log_number((int64_t)bytes), NULL);
        return;
    }
    metric_add(metrics->notices_total, 1);
    struct frame *frame = frame_text(FRAME_PASSING, text, strlen(text));
    feed->events->on_notice(feed->context, kind, id, frame);
    frame_unref(&frame);
    free(text);
}

static void on_presence(struct feed *feed, enum feed_kind kind, const char *id, const char *json,
                        size_t bytes) {
    (void)kind;
    (void)id;
    feed->events->on_presence(feed->context, json, bytes);
}

static void on_canary(struct feed *feed, enum feed_kind kind, const char *id, const char *json,
                      size_t bytes) {
    (void)kind;
    (void)id;
    (void)bytes;
    int64_t now_us = metrics_now_us();
    feed->heard_ms = now_us / 1000;
    metric_set(metrics->canary_age_seconds, (uint64_t)now_us);
    metric_observe(metrics->canary_round_trip_seconds, now_us - strtoll(json, NULL, 10));
}

static const struct channel_row {
    enum feed_kind kind;
    bool own; /* its confirmation is that of the pair */
    void (*on_message)(struct feed *feed, enum feed_kind kind, const char *id, const char *json,
                       size_t bytes);
} rows[SC_CHANNEL_COUNT] = {
    [SC_CHANNEL_ROOM_LIVE] = {FEED_ROOM, true, on_live},
    [SC_CHANNEL_USER_LIVE] = {FEED_USER, true, on_live},
    [SC_CHANNEL_NOTICE] = {FEED_KIND_COUNT, false, on_notice},
    [SC_CHANNEL_ROOM_NOTICE] = {FEED_ROOM, false, on_notice},
    [SC_CHANNEL_USER_NOTICE] = {FEED_USER, false, on_notice},
    [SC_CHANNEL_CANARY] = {FEED_KIND_COUNT, false, on_canary},
    [SC_CHANNEL_PRESENCE] = {FEED_KIND_COUNT, false, on_presence},
};

static bool is_word(const redisReply *reply, const char *word) {
    return reply->type == REDIS_REPLY_STRING && strcmp(reply->str, word) == 0;
}

/* [message, channel, payload] or [subscribe, channel, count] */
static void on_push(const redisReply *reply, void *context) {
    struct feed *feed = context;
    char id[SC_ID_MAX + 1];
    enum sc_channel_kind kind;
    if (reply->type == REDIS_REPLY_ERROR) {
        link_redial(feed->link, "subscribing was refused");
        return;
    }
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 3 ||
        reply->element[1]->type != REDIS_REPLY_STRING ||
        !sc_channel_parse(reply->element[1]->str, (size_t)reply->element[1]->len, &kind, id)) {
        return;
    }
    const struct channel_row *row = &rows[kind];
    const redisReply *payload = reply->element[2];
    if (is_word(reply->element[0], "message") && payload->type == REDIS_REPLY_STRING) {
        row->on_message(feed, row->kind, id, payload->str, (size_t)payload->len);
    } else if (is_word(reply->element[0], "subscribe") && row->own) {
        feed->events->on_subscribed(feed->context, row->kind, id);
    }
}

/* --- the canary --- */

static void on_canary_time(evutil_socket_t fd, short what, void *context) {
    struct feed *feed = context;
    int64_t now = now_ms();
    (void)fd;
    (void)what;
    if (!store_publish(feed->store, feed->canary_channel.text, feed->canary_channel.bytes,
                       sc_log_number(metrics_now_us()))) {
        feed->up_ms = now; /* nothing was published, so nothing is late */
    }
    int64_t since = feed->heard_ms > feed->up_ms ? feed->heard_ms : feed->up_ms;
    if (link_is_up(feed->link) && now - since > CANARY_LATE_MS) {
        link_redial(feed->link, "canary lost");
    }
}

void feed_renew(struct feed *feed) {
    if (link_is_up(feed->link)) {
        link_redial(feed->link, "commands go anew");
    }
}

bool feed_is_up(const struct feed *feed) {
    return link_is_up(feed->link);
}

bool feed_is_healthy(const struct feed *feed) {
    return link_is_up(feed->link) && feed->heard_ms != 0 && now_ms() - feed->heard_ms < HEALTHY_MS;
}

/* --- the link --- */

static void on_up(void *context) {
    struct feed *feed = context;
    struct sc_key notices = sc_channel(SC_CHANNEL_NOTICE);
    struct sc_key presence = sc_channel(SC_CHANNEL_PRESENCE);
    const char *arguments[] = {"SUBSCRIBE", notices.text, presence.text, feed->canary_channel.text};
    feed->up_ms = now_ms();
    link_push_command(feed->link, 4, arguments, NULL);
    feed->events->on_up(feed->context);
}

static void on_down(void *context) {
    struct feed *feed = context;
    feed->events->on_down(feed->context);
}

struct feed *feed_new(struct event_base *base, const struct sc_settings *settings,
                      struct store *store, const struct feed_events *events, void *context) {
    static const struct link_events link_events = {on_up, on_down, on_push};
    struct feed *feed = sc_xcalloc(1, sizeof *feed);
    char worker[SC_ID_MAX + 1];
    sc_id_new(worker);
    *feed = (struct feed){.store = store,
                          .events = events,
                          .context = context,
                          .canary_channel = sc_channel(SC_CHANNEL_CANARY, worker)};
    feed->link = link_new(base, settings, "subscriptions", &link_events, feed);
    feed->canary = event_new(base, -1, EV_PERSIST, on_canary_time, feed);
    struct timeval every = {.tv_usec = CANARY_EVERY_MS * 1000};
    event_add(feed->canary, &every);
    return feed;
}

void feed_free(struct feed **feed) {
    struct feed *mine = *feed;
    *feed = NULL;
    if (mine != NULL) {
        event_free(mine->canary);
        link_free(&mine->link);
        free(mine);
    }
}
