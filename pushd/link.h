/*
 * link: one connection to Redis, on the worker's event loop.
 *
 * hiredis's reader and formatter over a bufferevent; hiredis's own async API has faults that a
 * daemon can't live with. The link dials, signs in, notices when Redis is silent, and dials again
 * with growing, jittered pauses for ever. Where `redis.url` names sentinels it asks them for the
 * master before each try, takes nothing else for it, and leaves it when they name another. It
 * speaks RESP2. Used twice a worker: for commands, whose replies come back in order, and for
 * subscriptions, where what comes is pushed.
 */
#ifndef PUSHD_LINK_H
#define PUSHD_LINK_H

#include <event2/event.h>
#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stddef.h>

#include <stonechat/settings.h>

struct link;

/* Gets the reply, lent; NULL when the link was lost before it came. */
typedef void link_reply_fn(const redisReply *reply, void *context);

struct link_events {
    void (*on_up)(void *context);   /* signed in and ready */
    void (*on_down)(void *context); /* after every outstanding command was answered with NULL */
    /* What no command asked for (subscriptions only; NULL on a link for commands). */
    void (*on_push)(const redisReply *reply, void *context);
};

/* `name` (for the log), `settings` and `events` are lent for the link's life. Dials at once. */
struct link *link_new(struct event_base *base, const struct sc_settings *settings, const char *name,
                      const struct link_events *events, void *context);
void link_free(struct link **link);

bool link_is_up(const struct link *link);
/* Redis is slow: so much waits for it that what nobody would miss had better not be added. */
bool link_is_pressed(const struct link *link);

/* Queues a command. `on_reply` may be NULL. While the link is down it is answered with NULL at
 * once, from within. */
void link_command(struct link *link, int count, const char **arguments, const size_t *bytes,
                  link_reply_fn *on_reply, void *context);
/* The same where nothing is answered in order: SUBSCRIBE and its like. */
void link_push_command(struct link *link, int count, const char **arguments, const size_t *bytes);

/* Gives the connection up and dials again. `why` goes to the log. */
void link_redial(struct link *link, const char *why);

#endif
