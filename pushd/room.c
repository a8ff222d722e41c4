/*
 * room: who comes and goes, and which rooms there are for it (see room.h).
 *
 * What is known of a room's log, and what has to be read of it, is the business of room_log:
 * whoever changes anything calls room_log_settle, which never hurts.
 */
#include "room.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "metrics.h"
#include "readers.h"
#include "room_log.h"

enum { LINGER_SECONDS = 10, RETRY_SECONDS = 1, AGEING_SECONDS = 30 };

/* --- opening and closing --- */

/* Rooms in which nothing happens keep no more of their log than its newest entry. */
static void on_ageing(struct wheel_entry *entry) {
    struct room_set *set = (struct room_set *)((char *)entry - offsetof(struct room_set, ageing));
    struct room *room, *next;
    HASH_ITER(hh, set->by_id, room, next) {
        tail_age(&room->tail);
    }
    wheel_arm(set->wheel, &set->ageing, AGEING_SECONDS);
}

void room_set_init(struct room_set *set, struct feed *feed, struct store *store,
                   struct wheel *wheel, const struct room_events *events) {
    *set = (struct room_set){.feed = feed, .store = store, .wheel = wheel, .events = events};
    LIST_INIT(&set->fresh);
    LIST_INIT(&set->due);
    set->ageing.on_due = on_ageing;
    wheel_arm(wheel, &set->ageing, AGEING_SECONDS);
}

struct room *room_find(struct room_set *set, const char *id) {
    struct room *room;
    HASH_FIND_STR(set->by_id, id, room);
    return room;
}

static void room_free(struct room *room) {
    metric_subtract(metrics->rooms, 1);
    readers_forget_fresh(room);
    HASH_DELETE(hh, room->set->by_id, room);
    wheel_disarm(&room->timer);
    tail_deinit(&room->tail);
    free(room->subs);
    free(room->seats);
    free(room);
}

/* Readers come back soon, often all of them: the subscription stays for a while. */
static void on_timer(struct wheel_entry *entry) {
    struct room *room = (struct room *)((char *)entry - offsetof(struct room, timer));
    if (room->count > 0) {
        room_log_settle(room);
    } else if (room->reading != READ_NOTHING) {
        wheel_arm(room->set->wheel, &room->timer, RETRY_SECONDS);
    } else {
        feed_unsubscribe(room->set->feed, FEED_ROOM, room->id);
        room_free(room);
    }
}

static struct room *room_open(struct room_set *set, const char *id) {
    struct room *room = sc_xcalloc(1, sizeof *room);
    strcpy(room->id, id);
    room->timer.on_due = on_timer;
    room->set = set;
    room->serial = ++set->serial;
    tail_init(&room->tail);
    LIST_INIT(&room->waiting);
    HASH_ADD_STR(set->by_id, id, room);
    metric_add(metrics->rooms, 1);
    feed_subscribe(set->feed, FEED_ROOM, id);
    return room;
}

void room_set_deinit(struct room_set *set) {
    struct room *room, *next;
    HASH_ITER(hh, set->by_id, room, next) {
        room_free(room);
    }
    wheel_disarm(&set->ageing);
}

/* --- readers --- */

struct sub *room_enter(struct room_set *set, const char *id, struct conn *conn, uint64_t from) {
    struct room *room = room_find(set, id);
    if (room == NULL) {
        room = room_open(set, id);
    }
    struct sub *sub = sc_xcalloc(1, sizeof *sub);
    sub->room = room;
    sub->conn = conn;
    sub->from = from;
    readers_add(room, sub);
    if (room->known && !room->suspect) {
        readers_make_one_ready(sub);
    }
    room_log_settle(room);
    return sub;
}

void room_leave(struct sub **sub) {
    struct sub *mine = *sub;
    struct room *room = mine->room;
    *sub = NULL;
    readers_remove(mine);
    free(mine);
    if (room->count == 0) {
        wheel_arm(room->set->wheel, &room->timer, LINGER_SECONDS);
    }
}

/* Delivering to one room may deliver to others, too: so first those are found whose turn it is. */
static int64_t find_due(struct room_set *set, int64_t now_us) {
    struct room *room, *next;
    int64_t soonest_us = 0;
    for (room = LIST_FIRST(&set->fresh); room != NULL; room = next) {
        int64_t left_us = rest_left_us(&room->rest, now_us);
        next = LIST_NEXT(room, fresh);
        if (left_us == 0) {
            LIST_REMOVE(room, fresh);
            LIST_INSERT_HEAD(&set->due, room, fresh);
        } else if (soonest_us == 0 || left_us < soonest_us) {
            soonest_us = left_us;
        }
    }
    return soonest_us;
}

int64_t room_set_deliver(struct room_set *set, int64_t now_us) {
    int64_t soonest_us = find_due(set, now_us);
    struct room *room = LIST_FIRST(&set->due);
    if (room != NULL && LIST_NEXT(room, fresh) == NULL) {
        readers_deliver_now(room);
    }
    while ((room = LIST_FIRST(&set->due)) != NULL) {
        readers_deliver(room);
    }
    return soonest_us;
}

void room_serve(struct sub *sub) {
    readers_advance_one(sub);
    room_log_settle(sub->room);
}

/* --- links --- */

/* Between two subscriptions publications may have been missed. */
void room_on_subscribed(struct room *room) {
    room->subscribed = true;
    room->subscription++;
    room->suspect = room->suspect || room->known;
    room_log_settle(room);
}

void room_set_on_feed_down(struct room_set *set) {
    struct room *room, *next;
    HASH_ITER(hh, set->by_id, room, next) {
        room->subscribed = false;
        room->suspect = true;
    }
}

void room_set_on_feed_up(struct room_set *set) {
    struct room *room, *next;
    HASH_ITER(hh, set->by_id, room, next) {
        feed_subscribe(set->feed, FEED_ROOM, room->id);
    }
}

void room_set_on_store_up(struct room_set *set) {
    struct room *room, *next;
    HASH_ITER(hh, set->by_id, room, next) {
        room_log_settle(room);
    }
}
