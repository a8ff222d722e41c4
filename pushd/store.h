/*
 * store: every command of this half to Redis that has an answer, one function each.
 *
 * Nothing here waits: answers come through `done`, exactly once, possibly from within the call
 * when the link is down. Errors: UNAVAILABLE when Redis is away or not ready, else the script's
 * own.
 */
#ifndef PUSHD_STORE_H
#define PUSHD_STORE_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/error.h>
#include <stonechat/event.h>
#include <stonechat/settings.h>
#include <stonechat/token.h>

struct store;

struct store_events {
    void (*on_up)(void *context);
    void (*on_down)(void *context); /* after every outstanding question was answered */
};

struct store *store_new(struct event_base *base, const struct sc_settings *settings,
                        const struct store_events *events, void *context);
void store_free(struct store **store);
bool store_is_up(const struct store *store);
/* For the other files of the store. */
struct link *store_link(const struct store *store);

/* The connection that a session is wanted for; strings are lent. */
struct store_here {
    const char *node;  /* this worker */
    const char *known; /* of the other ones, as node_beat tells */
    const char *large; /* rooms that aren't told who comes and goes: ` ROOM ROOM ` */
    uint64_t number;   /* the connection, in this worker */
    int64_t most;      /* connections that the user may have with it; 0: it is in already */
};

/* Whose session a token is, and which rooms the user is in. TOO_MANY_CONNECTIONS: as many as may
 * be are there already. When it is OK the connection is noted as one of the user's. */
struct store_session {
    enum sc_error error;
    const char *user_json;   /* as `welcome` shows it; lent */
    const char *person_json; /* as others see it; lent */
    int64_t left_ms;         /* until the session ends by itself */
    bool stale;              /* store_session_touch is due */
    bool came;               /* the user was offline before */
    const char *const *rooms;
    size_t rooms_count;
};
typedef void store_session_fn(const struct store_session *session, void *context);
void store_session(struct store *store, const struct sc_token *token, const struct store_here *here,
                   store_session_fn *done, void *context);
void store_session_touch(struct store *store, const char *user, const char *session);

/* Takes a ticket, once; `token` is lent. BAD_CREDENTIALS: not, or no longer, there. */
typedef void store_ticket_fn(enum sc_error error, const struct sc_token *token, void *context);
void store_ticket(struct store *store, const char *hash, store_ticket_fn *done, void *context);

/* Entries of a room's log, ascending; lent. */
struct store_entry {
    struct sc_event_head head;
    const char *json;
    size_t bytes;
};
typedef void store_entries_fn(enum sc_error error, const struct store_entry *entries, size_t count,
                              void *context);
/* At most `most` entries from `seq` on, without a hole: an erased one as its tombstone. */
void store_range(struct store *store, const char *room, uint64_t seq, unsigned most,
                 store_entries_fn *done, void *context);
/* The newest one, if any. */
void store_newest(struct store *store, const char *room, store_entries_fn *done, void *context);

/* Tells the room that a member is writing, unless Redis knows that he is muted there. */
void store_typing(struct store *store, const char *room, const char *user, const char *json);

/* Whether it was sent: what is published here is not kept, and not sent to a Redis that is slow. */
bool store_publish(struct store *store, const char *channel, size_t channel_bytes,
                   const char *text);

#endif
