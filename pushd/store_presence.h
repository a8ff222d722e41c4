/*
 * store_presence: what Redis is told and asked of who is online: workers, users, large rooms.
 *
 * As in store.h nothing waits, and `done` is called exactly once, possibly from within. Where there
 * is none, what is lost is made good when the link is up again: the worker goes on as another node.
 */
#ifndef PUSHD_STORE_PRESENCE_H
#define PUSHD_STORE_PRESENCE_H

#include "store.h"

/* What a beat brings; strings are lent. */
struct store_beat {
    bool over;         /* the node was silent for too long: nothing that it noted counts any more */
    const char *known; /* every node: `+NODE` alive, `~NODE` over */
    size_t alive;      /* how many are */
    const char *dead;  /* one to be cleared away by who is told of it, or "" */
};
typedef void store_beat_fn(enum sc_error error, const struct store_beat *beat, void *context);
/* `fresh`: the node's first beat. The predecessor ("": none) is over from now on. */
void store_node_beat(struct store *store, const char *node, bool fresh, const char *predecessor,
                     store_beat_fn *done, void *context);
/* That node is over; its users may still come back elsewhere. */
/* What administrators see of this worker; gone when it isn't said again. */
void store_node_figures(struct store *store, const char *node, const char *figures);
void store_node_end(struct store *store, const char *node);

/* Users who may be online at a node: adds or removes `count` of them. */
void store_node_add(struct store *store, const char *node, char *const *users, size_t count);
void store_node_remove(struct store *store, const char *node, char *const *users, size_t count);
/* Any `most` of them; lent. */
typedef void store_ids_fn(enum sc_error error, const char *const *ids, size_t count, void *context);
void store_node_some(struct store *store, const char *node, unsigned most, store_ids_fn *done,
                     void *context);
/* None of them is left. */
void store_node_forget(struct store *store, const char *node);

/* A user's connection is over. */
void store_conn_end(struct store *store, const char *user, const char *node, uint64_t number);

/* A user has no connection at a node any more: none up to number `last`, or, the node being over,
 * none at all (UINT64_MAX). `gone`: this made them go offline; then with their rooms. */
struct store_leave {
    bool gone;
    const char *const *rooms;
    size_t rooms_count;
};
typedef void store_leave_fn(enum sc_error error, const struct store_leave *leave, void *context);
void store_user_leave(struct store *store, const char *user, const char *node, uint64_t last,
                      const char *large, store_leave_fn *done, void *context);

/* How many members a room has. */
typedef void store_count_fn(enum sc_error error, int64_t count, void *context);
void store_room_members(struct store *store, const char *room, store_count_fn *done, void *context);
/* Who of a large room came online, or still is, and who went. `done` gets the milliseconds after
 * which the room should be told again; -1: it knows. */
void store_room_online(struct store *store, const char *room, char *const *come, size_t come_count,
                       char *const *gone, size_t gone_count, store_count_fn *done, void *context);

#endif
