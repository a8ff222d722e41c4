/*
 * presence: who is told that somebody came online or went offline.
 *
 * In a small room every reader is, within a second, so that many changes go out together; a large
 * room is told how many are online. The change itself is made, and published to all workers, by the
 * scripts that note connections: here it is only passed on. Of a large room each worker adds its
 * own users to a set that all share, and again before that runs out, so that nothing has to be
 * right but what is alive.
 */
#ifndef PUSHD_PRESENCE_H
#define PUSHD_PRESENCE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include <stonechat/settings.h>

#include "room.h"
#include "store_presence.h"

struct presence_room;
struct presence_change;

struct presence {
    const struct sc_settings *settings;
    struct store *store;
    struct room_set *rooms;
    struct wheel *wheel;
    struct wheel_entry timer;
    struct presence_room *by_id;
    STAILQ_HEAD(, presence_change) changes; /* that have yet to be passed on */
    size_t changes_count;
    char *large;    /* for struct store_here */
    uint32_t stamp; /* of what is being passed on, or of whom is being counted */
};

void presence_init(struct presence *presence, const struct sc_settings *settings,
                   struct store *store, struct room_set *rooms, struct wheel *wheel);
/* After the store is freed. */
void presence_deinit(struct presence *presence);

/* A user's connection reads room `id`. */
void presence_on_enter(struct presence *presence, const char *id, const char *user);
/* A user went offline. */
void presence_on_gone(struct presence *presence, const char *user, const struct store_leave *leave);
/* Room `id` has perhaps not as many members as before. */
void presence_on_members(struct presence *presence, const char *id);

/* Somebody came or went, here or elsewhere: a publication of the workers'. */
void presence_on_publication(struct presence *presence, const char *json, size_t bytes);

#endif
