/*
 * feed: the subscriptions of a worker, and what comes by them.
 *
 * One link that only subscribes. Rooms and users are subscribed by pairs of channels: their own
 * events and the notices for them. The feed doesn't remember what was subscribed: when it is up
 * anew, those who care subscribe again.
 *
 * A canary that the worker publishes to itself proves that what is published arrives. A link whose
 * canary stays away is dropped, however well it looks: a subscription can be dead while every PING
 * is answered.
 */
#ifndef PUSHD_FEED_H
#define PUSHD_FEED_H

#include <event2/event.h>
#include <stdbool.h>

#include <stonechat/event.h>
#include <stonechat/settings.h>

#include "frame.h"
#include "store.h"

struct feed;

enum feed_kind { FEED_ROOM, FEED_USER, FEED_KIND_COUNT };

struct feed_events {
    void (*on_up)(void *context);
    void (*on_down)(void *context);
    void (*on_subscribed)(void *context, enum feed_kind kind, const char *id);
    /* A publication on the own channel of a room or user. */
    void (*on_event)(void *context, enum feed_kind kind, const char *id,
                     const struct sc_event_head *head, const char *json, size_t bytes);
    /* A notice for a room, for a user, or (`id` NULL) for everybody; the frame is lent. */
    void (*on_notice)(void *context, enum feed_kind kind, const char *id, struct frame *frame);
    /* Somebody came online or went offline: see sc_presence_decode. */
    void (*on_presence)(void *context, const char *json, size_t bytes);
};

/* `store` publishes the canary. */
struct feed *feed_new(struct event_base *base, const struct sc_settings *settings,
                      struct store *store, const struct feed_events *events, void *context);
void feed_free(struct feed **feed);

/* on_subscribed follows, unless the link is lost. */
void feed_subscribe(struct feed *feed, enum feed_kind kind, const char *id);
void feed_unsubscribe(struct feed *feed, enum feed_kind kind, const char *id);

/* Commands go to a new connection, perhaps to another server: what was asked of the old one proves
 * nothing about what is published here. All is subscribed, and asked, anew. */
void feed_renew(struct feed *feed);

bool feed_is_up(const struct feed *feed);
/* Whether the canary came back within the last seconds. */
bool feed_is_healthy(const struct feed *feed);

#endif
