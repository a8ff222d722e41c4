/*
 * fake_presence: what a worker's node and its users' presence ask of Redis, counted.
 *
 * Takes the place of store_presence.c. A test sees what was asked last, and answers when it likes.
 */
#ifndef FAKE_PRESENCE_H
#define FAKE_PRESENCE_H

#include "store_presence.h"

static struct {
    unsigned beats, ends, adds, removes, forgets, conn_ends, leaves, members_asked, tells;
    bool fresh;
    char node[SC_ID_MAX + 1], predecessor[SC_ID_MAX + 1], user[SC_ID_MAX + 1];
    uint64_t last, ended;
    size_t come, gone;
    int64_t members; /* of every room */
    store_beat_fn *on_beat;
    void *beat_context;
    store_ids_fn *on_some;
    void *some_context;
    store_leave_fn *on_leave;
    void *leave_context;
} told;

static inline void fake_leave(enum sc_error error, bool gone) {
    const char *rooms[] = {"a"};
    const struct store_leave leave = {gone, rooms, gone ? 1 : 0};
    store_leave_fn *done = told.on_leave;
    told.on_leave = NULL;
    done(error, &leave, told.leave_context);
}

static inline void fake_beat(bool over, const char *known, const char *dead) {
    const struct store_beat beat = {.over = over, .known = known, .alive = 1, .dead = dead};
    told.on_beat(SC_OK, &beat, told.beat_context);
}

void store_node_figures(struct store *store, const char *node, const char *figures) {
    (void)store;
    (void)node;
    (void)figures;
}

void store_node_beat(struct store *store, const char *node, bool fresh, const char *predecessor,
                     store_beat_fn *done, void *context) {
    (void)store;
    told.beats++;
    told.fresh = fresh;
    strcpy(told.node, node);
    strcpy(told.predecessor, predecessor);
    told.on_beat = done;
    told.beat_context = context;
}

void store_node_end(struct store *store, const char *node) {
    (void)store;
    told.ends++;
    strcpy(told.node, node);
}

void store_node_add(struct store *store, const char *node, char *const *users, size_t count) {
    (void)store;
    (void)node;
    told.adds++;
    strcpy(told.user, users[count - 1]);
}

void store_node_remove(struct store *store, const char *node, char *const *users, size_t count) {
    (void)store;
    (void)node;
    told.removes++;
    strcpy(told.user, users[count - 1]);
}

void store_node_some(struct store *store, const char *node, unsigned most, store_ids_fn *done,
                     void *context) {
    (void)store;
    (void)most;
    strcpy(told.node, node);
    told.on_some = done;
    told.some_context = context;
}

void store_node_forget(struct store *store, const char *node) {
    (void)store;
    told.forgets++;
    strcpy(told.node, node);
}

void store_conn_end(struct store *store, const char *user, const char *node, uint64_t number) {
    (void)store;
    (void)node;
    told.conn_ends++;
    strcpy(told.user, user);
    told.ended = number;
}

void store_user_leave(struct store *store, const char *user, const char *node, uint64_t last,
                      const char *large, store_leave_fn *done, void *context) {
    (void)store;
    (void)large;
    told.leaves++;
    strcpy(told.user, user);
    strcpy(told.node, node);
    told.last = last;
    told.on_leave = done;
    told.leave_context = context;
}

void store_room_members(struct store *store, const char *room, store_count_fn *done,
                        void *context) {
    (void)store;
    (void)room;
    told.members_asked++;
    done(SC_OK, told.members, context);
}

void store_room_online(struct store *store, const char *room, char *const *come, size_t come_count,
                       char *const *gone, size_t gone_count, store_count_fn *done, void *context) {
    (void)store;
    (void)room;
    (void)come;
    (void)gone;
    told.tells++;
    told.come += come_count;
    told.gone += gone_count;
    done(SC_OK, -1, context);
}

#endif
