/*
 * presence: a table of rooms by how many members they have (see presence.h).
 *
 * Every second each room whose size isn't known is asked for, and each large one tells what has
 * changed. A room stays in the table for a while after its last reader here has gone, since users
 * go offline later than their connections.
 */
#include "presence.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>

#include "client.h"
#include "ids.h"
#include "metrics.h"

enum { RENEW_SECONDS = 25, KEEP_SECONDS = 60, TELL_AT_ONCE = 500, LARGE_MAX = 64 };
enum { CHANGES_MAX = 4096 };

struct presence_room {
    UT_hash_handle hh;
    char id[SC_ID_MAX + 1];
    struct presence *presence;
    int64_t members;   /* -1: not known */
    bool is_stale;     /* they have changed */
    bool is_listed;    /* in the presence's `large`, or left out there for want of space */
    uint32_t open;     /* questions that haven't been answered */
    uint32_t read_at;  /* the second in which somebody read it last */
    uint32_t renew_at; /* when all users here are told again */
    uint32_t again_at; /* when the room should be told; 0: it knows */
    struct ids come, gone;
};

/* Somebody in small rooms came or went. */
struct presence_change {
    STAILQ_ENTRY(presence_change) link;
    struct sc_presence told;
};

/* --- the table --- */

static void on_timer(struct wheel_entry *entry);

void presence_init(struct presence *presence, const struct sc_settings *settings,
                   struct store *store, struct room_set *rooms, struct wheel *wheel) {
    *presence = (struct presence){.settings = settings,
                                  .store = store,
                                  .rooms = rooms,
                                  .wheel = wheel,
                                  .timer.on_due = on_timer,
                                  .large = sc_xstrdup(" ")};
    STAILQ_INIT(&presence->changes);
    wheel_arm(wheel, &presence->timer, 0);
}

static void room_free(struct presence_room *room) {
    HASH_DELETE(hh, room->presence->by_id, room);
    ids_clear(&room->come);
    ids_clear(&room->gone);
    free(room);
}

/* The oldest one. */
static void change_free(struct presence *presence) {
    struct presence_change *change = STAILQ_FIRST(&presence->changes);
    STAILQ_REMOVE_HEAD(&presence->changes, link);
    presence->changes_count--;
    sc_presence_deinit(&change->told);
    free(change);
}

void presence_deinit(struct presence *presence) {
    struct presence_room *room, *next;
    HASH_ITER(hh, presence->by_id, room, next) {
        room_free(room);
    }
    while (!STAILQ_EMPTY(&presence->changes)) {
        change_free(presence);
    }
    wheel_disarm(&presence->timer);
    free(presence->large);
}

static struct presence_room *find(struct presence *presence, const char *id) {
    struct presence_room *room;
    HASH_FIND_STR(presence->by_id, id, room);
    return room;
}

static bool is_small(const struct presence_room *room) {
    return room->members >= 0 && room->members <= room->presence->settings->limits_presence_members;
}

static bool is_large(const struct presence_room *room) {
    return room->members >= 0 && !is_small(room);
}

/* The list that scripts get is short: a room that is not in it is left out by who hears of it. */
static void list_large(struct presence *presence) {
    struct presence_room *room, *next;
    size_t count = 0;
    char *list = sc_xmalloc((size_t)LARGE_MAX * (SC_ID_MAX + 1) + 2);
    char *end = stpcpy(list, " ");
    HASH_ITER(hh, presence->by_id, room, next) {
        room->is_listed = is_large(room);
        if (room->is_listed && count++ < LARGE_MAX) {
            end = stpcpy(stpcpy(end, room->id), " ");
        }
    }
    free(presence->large);
    presence->large = sc_xstrdup(list);
    free(list);
}

/* Members come and go, and what is large is a setting. */
static void follow_size(struct presence_room *room) {
    if (is_large(room) != room->is_listed) {
        room->renew_at = 0;
        list_large(room->presence);
    }
}

static void on_members(enum sc_error error, int64_t members, void *context) {
    struct presence_room *room = context;
    room->open--;
    room->is_stale = room->is_stale || error != SC_OK;
    if (error == SC_OK) {
        room->members = members;
        follow_size(room);
    }
}

static void ask_members(struct presence_room *room) {
    room->is_stale = false;
    room->open++;
    store_room_members(room->presence->store, room->id, on_members, room);
}

static struct presence_room *find_or_add(struct presence *presence, const char *id) {
    struct presence_room *room = find(presence, id);
    if (room == NULL) {
        room = sc_xcalloc(1, sizeof *room);
        strcpy(room->id, id);
        room->presence = presence;
        room->members = -1;
        HASH_ADD_STR(presence->by_id, id, room);
        ask_members(room);
    }
    room->read_at = presence->wheel->now;
    return room;
}

/* --- what happens --- */

void presence_on_enter(struct presence *presence, const char *id, const char *user) {
    struct presence_room *room = find_or_add(presence, id);
    if (is_large(room)) {
        ids_add(&room->come, user);
    }
}

void presence_on_gone(struct presence *presence, const char *user,
                      const struct store_leave *leave) {
    metric_add(metrics->presence_changes_total, 1);
    for (size_t i = 0; i < leave->rooms_count; i++) {
        struct presence_room *room = find_or_add(presence, leave->rooms[i]);
        if (!is_small(room)) {
            ids_add(&room->gone, user);
        }
    }
}

void presence_on_members(struct presence *presence, const char *id) {
    struct presence_room *room = find(presence, id);
    if (room != NULL) {
        room->is_stale = true;
    }
}

/* --- large rooms --- */

/* Everybody who reads the room here, once. */
static void add_all(struct presence_room *room, const struct room *read) {
    uint32_t stamp = ++room->presence->stamp;
    for (uint32_t i = 0; i < read->count; i++) {
        struct user *user = read->subs[i]->conn->client->user;
        if (user->stamp != stamp) {
            user->stamp = stamp;
            ids_add(&room->come, user->id);
        }
    }
}

static void on_told(enum sc_error error, int64_t wait_ms, void *context) {
    struct presence_room *room = context;
    room->open--;
    if (error != SC_OK) {
        room->renew_at = 0;
    } else {
        room->again_at =
            wait_ms < 0 ? 0 : room->presence->wheel->now + (uint32_t)(wait_ms / 1000) + 1;
    }
}

static size_t piece(const struct ids *ids, size_t from) {
    size_t left = ids->count > from ? ids->count - from : 0;
    return left < TELL_AT_ONCE ? left : TELL_AT_ONCE;
}

/* Who has come, then who has gone: who did both has gone, or is told again in a while. */
static void tell(struct presence_room *room) {
    size_t from = 0;
    do {
        size_t come = piece(&room->come, from), gone = piece(&room->gone, from);
        room->open++;
        store_room_online(room->presence->store, room->id, come > 0 ? room->come.list + from : NULL,
                          come, gone > 0 ? room->gone.list + from : NULL, gone, on_told, room);
        from += TELL_AT_ONCE;
    } while (from < room->come.count || from < room->gone.count);
}

static void tend_large(struct presence_room *room, const struct room *read) {
    uint32_t now = room->presence->wheel->now;
    if (read != NULL && now >= room->renew_at) {
        room->renew_at = now + RENEW_SECONDS;
        add_all(room, read);
    }
    if (room->come.count > 0 || room->gone.count > 0 ||
        (room->again_at != 0 && now >= room->again_at)) {
        tell(room);
    }
}

static void tend(struct presence_room *room) {
    struct presence *presence = room->presence;
    const struct room *read = room_find(presence->rooms, room->id);
    if (read != NULL && read->count > 0) {
        room->read_at = presence->wheel->now;
    }
    if (room->is_stale && room->open == 0) {
        ask_members(room);
    }
    follow_size(room);
    if (is_large(room)) {
        tend_large(room, read);
    }
    if (room->members >= 0) {
        ids_clear(&room->come);
        ids_clear(&room->gone);
    }
    if (room->open == 0 && presence->wheel->now - room->read_at > KEEP_SECONDS) {
        bool was_listed = room->is_listed;
        room_free(room);
        if (was_listed) {
            list_large(presence);
        }
    }
}

static void pass_changes(struct presence *presence);

static void on_timer(struct wheel_entry *entry) {
    struct presence *presence =
        (struct presence *)((char *)entry - offsetof(struct presence, timer));
    struct presence_room *room, *next;
    if (store_is_up(presence->store)) {
        HASH_ITER(hh, presence->by_id, room, next) {
            tend(room);
        }
    }
    pass_changes(presence);
    wheel_arm(presence->wheel, &presence->timer, 0);
}

/* --- small rooms --- */

/* To each connection once, however many rooms it shares with whom it is about. */
static void pass(struct presence *presence, const struct room *read, struct frame *frame) {
    for (uint32_t i = read->count; i-- > 0;) {
        const struct sub *sub = read->subs[i];
        if (sub->state >= SUB_BEHIND && sub->conn->client->stamp != presence->stamp) {
            sub->conn->client->stamp = presence->stamp;
            conn_send(sub->conn, frame);
        }
    }
}

static void pass_change(struct presence *presence, const struct sc_presence *told) {
    struct frame *frame = frame_text(FRAME_PASSING, told->frame, strlen(told->frame));
    presence->stamp++;
    for (size_t i = 0; i < told->rooms_count; i++) {
        const struct presence_room *room = find(presence, told->rooms[i]);
        const struct room *read = room_find(presence->rooms, told->rooms[i]);
        if (room != NULL && is_small(room) && read != NULL) {
            pass(presence, read, frame);
        }
    }
    frame_unref(&frame);
}

static void pass_changes(struct presence *presence) {
    while (!STAILQ_EMPTY(&presence->changes)) {
        pass_change(presence, &STAILQ_FIRST(&presence->changes)->told);
        change_free(presence);
    }
}

void presence_on_publication(struct presence *presence, const char *json, size_t bytes) {
    struct sc_presence told;
    if (!sc_presence_decode(json, bytes, &told)) {
        sc_log(SC_LOG_WARNING, "event_not_understood", "id", "presence", NULL);
        return;
    }
    struct presence_change *change = sc_xcalloc(1, sizeof *change);
    change->told = told;
    STAILQ_INSERT_TAIL(&presence->changes, change, link);
    if (++presence->changes_count == CHANGES_MAX) {
        pass_changes(presence);
    }
}
