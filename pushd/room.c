/*
 * room: from publications and reads of the log to readers, in order (see room.h).
 *
 * Two functions decide: append() takes the one entry that is next, settle() looks what has to be
 * read from Redis, if anything. Whoever changes anything calls settle(); it never hurts.
 */
#include "room.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>

enum { PAGE = 128, LINGER_SECONDS = 10, RETRY_SECONDS = 1 };

static void settle(struct room *room);

/* --- opening and closing --- */

void room_set_init(struct room_set *set, struct feed *feed, struct store *store,
                   struct wheel *wheel, const struct room_events *events) {
    *set = (struct room_set){.feed = feed, .store = store, .wheel = wheel, .events = events};
}

struct room *room_find(struct room_set *set, const char *id) {
    struct room *room;
    HASH_FIND_STR(set->by_id, id, room);
    return room;
}

static void room_free(struct room *room) {
    HASH_DELETE(hh, room->set->by_id, room);
    wheel_disarm(&room->timer);
    tail_deinit(&room->tail);
    free(room->subs);
    free(room);
}

/* Readers come back soon, often all of them: the subscription stays for a while. */
static void on_timer(struct wheel_entry *entry) {
    struct room *room = (struct room *)((char *)entry - offsetof(struct room, timer));
    if (room->count > 0) {
        settle(room);
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
    feed_subscribe(set->feed, FEED_ROOM, id);
    return room;
}

void room_set_deinit(struct room_set *set) {
    struct room *room, *next;
    HASH_ITER(hh, set->by_id, room, next) {
        room_free(room);
    }
}

/* --- readers --- */

static void add_sub(struct room *room, struct sub *sub) {
    if (room->count == room->capacity) {
        room->capacity = room->capacity == 0 ? 4 : room->capacity * 2;
        room->subs = sc_xrealloc(room->subs, room->capacity * sizeof *room->subs);
    }
    sub->index = room->count;
    room->subs[room->count++] = sub;
}

static void advance(struct sub *sub);

static struct sub_place place_of(const struct room *room) {
    return (struct sub_place){room->id, room->serial, room->seq};
}

static void reset(struct sub *sub) {
    struct sub_place place = place_of(sub->room);
    sub_reset(sub, &place);
}

/* Not with a full queue: the next entry would only throw it away. */
static void go_live_if_it_can(struct sub *sub) {
    struct sub_place place = place_of(sub->room);
    if (conn_has_room(sub->conn)) {
        sub_go_live(sub, &place);
    } else {
        conn_await_drain(sub->conn);
    }
}

/* The room's end is known: a reader can be told, or begin at once. */
static void make_ready(struct sub *sub) {
    if (sub->from > 0) {
        sub_resume(sub, sub->from - 1, false, 0);
        advance(sub);
    } else {
        sub->state = SUB_HELD;
        sub->cursor = sub->room->seq;
        sub->room->set->events->on_ready(sub);
    }
}

struct sub *room_enter(struct room_set *set, const char *id, struct conn *conn, uint64_t from) {
    struct room *room = room_find(set, id);
    if (room == NULL) {
        room = room_open(set, id);
    }
    struct sub *sub = sc_xcalloc(1, sizeof *sub);
    sub->room = room;
    sub->conn = conn;
    sub->from = from;
    add_sub(room, sub);
    if (room->known && !room->suspect) {
        make_ready(sub);
    }
    settle(room);
    return sub;
}

static void stop_waiting(struct sub *sub) {
    if (sub->is_waiting) {
        LIST_REMOVE(sub, waiting);
        sub->is_waiting = false;
    }
}

void room_leave(struct sub **sub) {
    struct sub *mine = *sub;
    struct room *room = mine->room;
    *sub = NULL;
    stop_waiting(mine);
    room->subs[mine->index] = room->subs[--room->count];
    room->subs[mine->index]->index = mine->index;
    free(mine);
    if (room->count == 0) {
        wheel_arm(room->set->wheel, &room->timer, LINGER_SECONDS);
    }
}

/* --- delivery ---
 * Loops over readers go from the last to the first: one that leaves is replaced by one that has
 * had its turn. */

static void deliver(struct room *room, struct frame *frame) {
    for (uint32_t i = room->count; i-- > 0;) {
        if (room->subs[i]->state == SUB_LIVE) {
            conn_send(room->subs[i]->conn, frame);
        }
    }
}

/* The entry after the last one. */
static void append(struct room *room, struct frame *frame) {
    room->seq = frame->head.seq;
    room->at = frame->head.at;
    tail_push(&room->tail, frame);
    deliver(room, frame);
}

void room_on_passing(struct room *room, struct frame *frame) {
    for (uint32_t i = room->count; i-- > 0;) {
        if (room->subs[i]->state >= SUB_BEHIND) {
            conn_send(room->subs[i]->conn, frame);
        }
    }
}

/* An entry that was had before should be the same one. What the tail has forgotten is at least not
 * younger than the newest. */
static bool is_known(const struct room *room, const struct sc_event_head *head) {
    const struct frame *frame = tail_get(&room->tail, head->seq);
    return frame != NULL ? frame->head.at == head->at : head->at <= room->at;
}

static void notice_member(struct room *room, const struct sc_event_head *head, const char *json,
                          size_t bytes) {
    if (head->type == SC_EVENT_MEMBER) {
        room->set->events->on_member(room, head, json, bytes);
    }
}

void room_on_entry(struct room *room, const struct sc_event_head *head, const char *json,
                   size_t bytes) {
    if (head->seq > room->seen) {
        room->seen = head->seq;
    }
    if (room->known && !room->suspect) {
        if (head->seq == room->seq + 1) {
            struct frame *frame = frame_entry(room->serial, head, json, bytes);
            append(room, frame);
            frame_unref(&frame);
            notice_member(room, head, json, bytes);
        } else if (head->seq <= room->seq && !is_known(room, head)) {
            room->suspect = true;
        }
    }
    settle(room);
}

/* --- catching up --- */

/* Shows a sub what the tail holds from where it stands; true while it has anything more to get. */
static bool show_tail(struct sub *sub) {
    struct room *room = sub->room;
    struct frame *frame;
    while (sub_needs(sub) <= room->seq && (frame = tail_get(&room->tail, sub_needs(sub))) != NULL) {
        enum sub_result result = sub_show(sub, frame);
        if (result == SUB_MISMATCH) {
            reset(sub);
        }
        if (result != SUB_TOOK) {
            return false;
        }
    }
    return true;
}

static void wait_for_read(struct sub *sub) {
    if (!sub->is_waiting) {
        sub->is_waiting = true;
        LIST_INSERT_HEAD(&sub->room->waiting, sub, waiting);
    }
}

/* A page has taken a sub further than its room, which lags; or is the log shorter by now? */
static void run_ahead(struct sub *sub) {
    sub->check = true;
    if (sub->room->seen < sub->cursor) {
        sub->room->seen = sub->cursor;
    }
}

/* Brings a sub as far as memory reaches; after that it is live, or waits for a read, or for its
 * connection to drain. */
static void advance(struct sub *sub) {
    struct room *room = sub->room;
    stop_waiting(sub);
    if (sub->state != SUB_BEHIND) {
        return;
    }
    if (!room->known || room->suspect) {
        wait_for_read(sub);
        return;
    }
    if (!show_tail(sub)) {
        return;
    }
    if (!sub->check && sub->cursor == room->seq) {
        go_live_if_it_can(sub);
        return;
    }
    if (!sub->check && sub->cursor > room->seq) {
        run_ahead(sub);
    }
    wait_for_read(sub);
}

void room_serve(struct sub *sub) {
    advance(sub);
    settle(sub->room);
}

/* Shows a page of the log to everybody who waits for a piece of it. */
static void show_page(struct room *room, struct frame **page, size_t count) {
    struct sub *sub, *next;
    for (sub = LIST_FIRST(&room->waiting); sub != NULL; sub = next) {
        next = LIST_NEXT(sub, waiting);
        if (sub_needs(sub) < room->read_from) {
            continue;
        }
        enum sub_result result = SUB_TOOK;
        for (size_t i = 0; i < count && result == SUB_TOOK; i++) {
            result = sub_show(sub, page[i]);
        }
        bool nothing_there = count == 0 && sub_needs(sub) == room->read_from;
        if (result == SUB_MISMATCH || nothing_there) {
            stop_waiting(sub);
            reset(sub);
        } else if (result == SUB_FULL) {
            stop_waiting(sub);
        }
    }
}

static void advance_all(struct room *room) {
    struct sub *sub, *next;
    for (sub = LIST_FIRST(&room->waiting); sub != NULL; sub = next) {
        next = LIST_NEXT(sub, waiting);
        advance(sub);
    }
}

/* --- reads --- */

/* The log is another one than it was: nothing that anybody holds can be trusted. */
static void start_over(struct room *room) {
    sc_log(SC_LOG_WARNING, "log_rewritten", "room", room->id, "seq",
           sc_log_number((int64_t)room->seq), NULL);
    room->known = false;
    room->suspect = true;
    room->seen = 0;
    room->serial = ++room->set->serial;
    tail_deinit(&room->tail);
}

static void on_newest(struct room *room, struct frame **page, size_t count) {
    bool again = room->suspect;
    room->known = true;
    room->suspect = false;
    room->seq = room->at = 0;
    if (count > 0) {
        room->seq = page[0]->head.seq;
        room->at = page[0]->head.at;
        tail_push(&room->tail, page[0]);
    }
    for (uint32_t i = room->count; i-- > 0;) {
        struct sub *sub = room->subs[i];
        stop_waiting(sub);
        if (again && sub->state != SUB_NEW) {
            reset(sub);
            room->set->events->on_rewritten(sub);
        }
    }
}

/* Whether a page that begins with the newest entry of its time belongs to the log that we know. */
static bool is_same_log(const struct room *room, struct frame **page, size_t count) {
    if (room->read_at == 0) {
        return count == 0 || page[0]->head.seq == 1;
    }
    return count > 0 && page[0]->head.seq == room->read_from && page[0]->head.at == room->read_at;
}

/* The page begins with the entry that was the newest; what follows is new. */
static void on_verify(struct room *room, struct frame **page, size_t count) {
    if (!is_same_log(room, page, count)) {
        start_over(room);
        return;
    }
    room->suspect = false;
    if (count == PAGE && room->seen <= page[count - 1]->head.seq) {
        room->seen = page[count - 1]->head.seq + 1; /* there is probably more */
    }
}

static void on_gap(struct room *room, struct frame **page, size_t count) {
    if (!is_same_log(room, page, count)) {
        start_over(room);
    } else if (count == 0 || page[count - 1]->head.seq <= room->seq) {
        room->suspect = true; /* what was published isn't there */
        room->seen = 0;
    }
}

static void on_behind(struct room *room, struct frame **page, size_t count) {
    show_page(room, page, count);
}

static void make_new_subs_ready(struct room *room) {
    for (uint32_t i = room->count; i-- > 0;) {
        if (room->subs[i]->state == SUB_NEW) {
            make_ready(room->subs[i]);
        }
    }
}

/* Whatever a page was read for: what comes next in it is accepted, if it is of the same log. */
static void append_page(struct room *room, const struct store_entry *entries, struct frame **page,
                        size_t count) {
    for (size_t i = 0; i < count && room->known && !room->suspect; i++) {
        if (page[i]->head.seq == room->seq) {
            room->suspect = page[i]->head.at != room->at;
        } else if (page[i]->head.seq == room->seq + 1) {
            append(room, page[i]);
            notice_member(room, &entries[i].head, entries[i].json, entries[i].bytes);
        }
    }
}

static void take_page(struct room *room, enum room_read what, const struct store_entry *entries,
                      size_t count) {
    static void (*const steps[])(struct room *, struct frame **, size_t) = {
        [READ_NEWEST] = on_newest,
        [READ_VERIFY] = on_verify,
        [READ_GAP] = on_gap,
        [READ_BEHIND] = on_behind,
    };
    struct frame **page = sc_xcalloc(count + 1, sizeof *page);
    for (size_t i = 0; i < count; i++) {
        page[i] = frame_entry(room->serial, &entries[i].head, entries[i].json, entries[i].bytes);
    }
    steps[what](room, page, count);
    append_page(room, entries, page, count);
    if (room->known && !room->suspect) {
        make_new_subs_ready(room);
        advance_all(room);
    }
    for (size_t i = 0; i < count; i++) {
        frame_unref(&page[i]);
    }
    free(page);
}

static void on_read(enum sc_error error, const struct store_entry *entries, size_t count,
                    void *context) {
    struct room *room = context;
    enum room_read what = room->reading;
    room->reading = READ_NOTHING;
    if (error != SC_OK) {
        wheel_arm(room->set->wheel, &room->timer, RETRY_SECONDS);
        return;
    }
    /* A read from before the present subscription proves nothing about what was missed. */
    if (room->subscribed && room->read_subscription == room->subscription) {
        take_page(room, what, entries, count);
    }
    settle(room);
}

static void read_log(struct room *room, enum room_read what, uint64_t from) {
    room->reading = what;
    room->read_from = from;
    room->read_at = from == room->seq ? room->at : 0;
    room->read_subscription = room->subscription;
    if (what == READ_NEWEST) {
        store_newest(room->set->store, room->id, on_read, room);
    } else {
        store_range(room->set->store, room->id, from, PAGE, on_read, room);
    }
}

static uint64_t least_needed(const struct room *room) {
    uint64_t least = UINT64_MAX;
    const struct sub *sub;
    LIST_FOREACH(sub, &room->waiting, waiting) {
        if (sub_needs(sub) < least) {
            least = sub_needs(sub);
        }
    }
    return least;
}

/* What has to be read next, if anything; the first of these that holds. */
static void settle(struct room *room) {
    if (room->reading != READ_NOTHING || !room->subscribed || !store_is_up(room->set->store)) {
        return;
    }
    uint64_t newest = room->seq > 0 ? room->seq : 1;
    if (!room->known) {
        read_log(room, READ_NEWEST, 0);
    } else if (room->suspect) {
        read_log(room, READ_VERIFY, newest);
    } else if (room->seen > room->seq) {
        read_log(room, READ_GAP, newest);
    } else if (!LIST_EMPTY(&room->waiting)) {
        read_log(room, READ_BEHIND, least_needed(room));
    }
}

/* --- links --- */

void room_on_subscribed(struct room *room) {
    room->subscribed = true;
    room->subscription++;
    settle(room);
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
        settle(room);
    }
}
