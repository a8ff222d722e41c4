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

#include "metrics.h"
#include "readers.h"

_Static_assert((int)METRIC_READS == (int)READ_BEHIND, "a cell for each kind of read");

enum { PAGE = 128, LINGER_SECONDS = 10, RETRY_SECONDS = 1, AGEING_SECONDS = 30 };

static void settle(struct room *room);

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
    settle(room);
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

void room_set_deliver(struct room_set *set) {
    struct room *room = LIST_FIRST(&set->fresh);
    if (room != NULL && LIST_NEXT(room, fresh) == NULL) {
        readers_deliver_now(room);
    }
    while ((room = LIST_FIRST(&set->fresh)) != NULL) {
        readers_deliver(room);
    }
}

/* The entry after the last one. */
static void append(struct room *room, struct frame *frame) {
    readers_prepare(room, frame);
    room->seq = frame->head.seq;
    room->at = frame->head.at;
    tail_push(&room->tail, frame);
}

/* An entry that was had before should be the same one. What the tail has forgotten is at least not
 * younger than the newest. */
static bool is_known(struct room *room, const struct sc_event_head *head) {
    const struct frame *frame = tail_get(&room->tail, head->seq);
    return frame != NULL ? frame->head.at == head->at : head->at <= room->at;
}

static void notice_member(struct room *room, const struct sc_event_head *head, const char *json,
                          size_t bytes) {
    if (head->type == SC_EVENT_MEMBER) {
        room->set->events->on_member(room, head, json, bytes);
    }
}

static void log_gap(const struct room *room, const char *event, uint64_t upto) {
    sc_log(SC_LOG_INFO, event, "room", room->id, "seq", sc_log_number((int64_t)room->seq), "upto",
           sc_log_number((int64_t)upto), NULL);
}

/* Once a gap, however many entries come after it. */
static void notice_gap(struct room *room, uint64_t seq) {
    if (!room->gap) {
        metric_add(metrics->gaps_seen_total, 1);
        log_gap(room, "gap_seen", seq);
        room->gap = true;
    }
}

static void remember(struct room *room, const struct sc_event_head *head, bool trusted) {
    if (head->at >= room->heard.at) {
        room->heard = *head;
    }
    if (trusted) {
        notice_gap(room, head->seq);
    }
}

/* What was heard while a read was under way is the one that the read has brought, or the log was
 * rewritten in between. */
static void compare_heard(struct room *room) {
    if (room->known && !room->suspect && room->heard.seq <= room->seq) {
        room->suspect = room->heard.seq > 0 && !is_known(room, &room->heard);
        room->heard = (struct sc_event_head){0};
    }
}

void room_on_entry(struct room *room, const struct sc_event_head *head, const char *json,
                   size_t bytes) {
    bool trusted = room->known && !room->suspect;
    room->seen = head->seq > room->seen ? head->seq : room->seen;
    if (trusted && head->seq == room->seq + 1) {
        struct frame *frame = frame_entry(room->serial, head, room->at, json, bytes);
        append(room, frame);
        frame_unref(&frame);
        notice_member(room, head, json, bytes);
    } else if (trusted && head->seq <= room->seq) {
        room->suspect = !is_known(room, head);
    } else {
        remember(room, head, trusted);
    }
    settle(room);
}

void room_serve(struct sub *sub) {
    readers_advance_one(sub);
    settle(sub->room);
}

/* --- reads --- */

/* The log is another one than it was: nothing that anybody holds can be trusted. */
static void start_over(struct room *room) {
    sc_log(SC_LOG_WARNING, "log_rewritten", "room", room->id, "seq",
           sc_log_number((int64_t)room->seq), "readers", sc_log_number(room->count), NULL);
    readers_deliver(room);
    room->known = false;
    room->suspect = true;
    room->gap = false;
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
    room->delivered = room->seq;
    if (again) {
        readers_reset(room);
    }
}

/* Whether a page that begins with the newest entry of its time belongs to the log that we know. */
static bool is_same_log(const struct room *room, struct frame **page, size_t count) {
    if (room->read_at == 0) {
        return count == 0 || page[0]->head.seq == 1;
    }
    return count > 0 && page[0]->head.seq == room->read_from && page[0]->head.at == room->read_at;
}

/* A full page is probably not the last one. */
static void expect_more(struct room *room, struct frame **page, size_t count) {
    if (count == PAGE && room->seen <= page[count - 1]->head.seq) {
        room->seen = page[count - 1]->head.seq + 1;
    }
}

/* The page begins with the entry that was the newest; what follows is new. */
static void on_verify(struct room *room, struct frame **page, size_t count) {
    if (!is_same_log(room, page, count)) {
        start_over(room);
        return;
    }
    room->suspect = false;
    expect_more(room, page, count);
}

static void on_gap(struct room *room, struct frame **page, size_t count) {
    if (!is_same_log(room, page, count)) {
        start_over(room);
    } else if (count == 0 || page[count - 1]->head.seq <= room->seq) {
        room->suspect = true; /* what was published isn't there */
        room->gap = false;
        room->seen = 0;
    } else {
        expect_more(room, page, count);
    }
}

/* A log that ends before what it has told us is another one by now. */
static void on_behind(struct room *room, struct frame **page, size_t count) {
    uint64_t end = count > 0 ? page[count - 1]->head.seq : room->read_from - 1;
    if (count < PAGE && end < room->read_seq) {
        room->suspect = true;
    } else {
        readers_show_page(room, page, count);
    }
}

/* Whatever a page was read for: what comes next in it is accepted, if it is of the same log. */
static void append_page(struct room *room, const struct store_entry *entries, struct frame **page,
                        size_t count) {
    for (size_t i = 0; i < count && room->known && !room->suspect; i++) {
        if (page[i]->head.seq == room->seq) {
            room->suspect = page[i]->head.at != room->at;
        } else if (page[i]->head.seq == room->seq + 1 && page[i]->before_at == room->at) {
            append(room, page[i]);
            metric_add(metrics->missed_entries_total, 1);
            notice_member(room, &entries[i].head, entries[i].json, entries[i].bytes);
        }
    }
    compare_heard(room);
    if (room->gap && room->seq >= room->seen) {
        metric_add(metrics->gaps_filled_total, 1);
        log_gap(room, "gap_filled", room->seen);
        room->gap = false;
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
        uint64_t before_at = i > 0 ? entries[i - 1].head.at : 0;
        page[i] = frame_entry(room->serial, &entries[i].head, before_at, entries[i].json,
                              entries[i].bytes);
    }
    steps[what](room, page, count);
    append_page(room, entries, page, count);
    if (room->known && !room->suspect) {
        tail_extend(&room->tail, page, count);
        readers_make_ready(room);
        readers_advance(room);
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
    metric_add(&metrics->log_reads_total[what - 1], 1);
    room->read_from = from;
    room->read_at = from == room->seq ? room->at : 0;
    room->read_seq = room->seq;
    room->read_subscription = room->subscription;
    if (what == READ_NEWEST) {
        store_newest(room->set->store, room->id, on_read, room);
    } else {
        store_range(room->set->store, room->id, from, PAGE, on_read, room);
    }
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
        read_log(room, READ_BEHIND, readers_need(room));
    }
}

/* --- links --- */

/* Between two subscriptions publications may have been missed. */
void room_on_subscribed(struct room *room) {
    room->subscribed = true;
    room->subscription++;
    room->suspect = room->suspect || room->known;
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
