/*
 * room_log: from publications and pages of the log to readers, in order (see room_log.h).
 *
 * Two functions decide: append() takes the one entry that is next, room_log_settle() looks what has
 * to be read from Redis, if anything.
 */
#include "room_log.h"

#include <stdlib.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>

#include "metrics.h"
#include "readers.h"

_Static_assert((int)METRIC_READS == (int)READ_BEHIND, "a cell for each kind of read");

enum { PAGE = 128, RETRY_SECONDS = 1 };

/* What all rooms' tails may hold together, as long as each has its least. */
static const size_t TAILS_BYTES = 1 << 24;

/* --- what is published --- */

/* The entry after the last one. */
static void append(struct room *room, struct frame *frame) {
    bool erases = frame->head.type == SC_EVENT_DELETED;
    if (erases) {
        readers_deliver_now(room); /* of which the tail holds the frames */
    }
    tail_share(&room->tail, TAILS_BYTES, HASH_COUNT(room->set->by_id));
    readers_prepare(room, frame);
    room->seq = frame->head.seq;
    room->at = frame->head.at;
    tail_push(&room->tail, frame);
    if (erases) {
        tail_forget_older(&room->tail); /* what was erased must not come from here any more */
    }
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

void room_log_on_entry(struct room *room, const struct sc_event_head *head, const char *json,
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
    room_log_settle(room);
}

void room_log_forget(struct room *room) {
    readers_deliver_now(room); /* of which the tail holds the frames */
    tail_forget_older(&room->tail);
}

/* --- what is read --- */

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
    room_log_settle(room);
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

/* The first of these that holds. */
void room_log_settle(struct room *room) {
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
