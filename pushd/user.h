/*
 * user: somebody who has at least one connection here, and the channel of what concerns them.
 *
 * A user is subscribed before any of their sessions is checked, so that nothing that changes
 * meanwhile (a session revoked, a room joined) is missed between asking and listening.
 *
 * Whose last connection has gone is online for a while yet, in case they come back: only then is
 * Redis told.
 */
#ifndef PUSHD_USER_H
#define PUSHD_USER_H

#include <stdbool.h>
#include <sys/queue.h>

#include <stonechat/limits.h>

#include "feed.h"
#include "node.h"
#include "presence.h"
#include "table.h"
#include "wheel.h"

struct client;

struct user {
    UT_hash_handle hh;
    char id[SC_ID_MAX + 1];
    struct user_set *set;
    bool subscribed;
    bool leaving;   /* Redis is being told */
    uint32_t noted; /* the serial of the node under which Redis may know the user; 0: none */
    uint32_t added; /* the serial of the node that has added the user to its own; 0: none */
    uint32_t stamp; /* see struct presence */
    char announced[SC_ID_MAX + 1]; /* the room that was told last that the user is there */
    char *person; /* JSON, as others see them; NULL before the first session is checked */
    struct wheel_entry timer; /* to close when no client has come back */
    LIST_HEAD(, client) clients;
};

struct user_set {
    struct user *by_id;
    struct feed *feed;
    struct store *store;
    struct node *node;
    struct presence *presence;
    struct wheel *wheel;
    uint64_t number; /* of the connection that was noted last */
};

/* What isn't given here is set by the caller; lent. */
void user_set_init(struct user_set *set, struct feed *feed, struct wheel *wheel);
void user_set_deinit(struct user_set *set);

struct user *user_find(struct user_set *set, const char *id);
/* Finds or adds; subscribes a new one. */
struct user *user_open(struct user_set *set, const char *id);
/* The session of one of the user's connections holds: notes how others see them. */
void user_on_noted(struct user *user, const struct store_session *session);
/* A client has gone: a user who has none any more goes offline, is unsubscribed and freed in a
 * while. */
void user_release(struct user *user);

/* After the feed was lost: everybody is subscribed anew. */
void user_set_on_feed_down(struct user_set *set);
void user_set_on_feed_up(struct user_set *set);

#endif
