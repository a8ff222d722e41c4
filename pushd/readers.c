/*
 * readers: everybody who reads a room here (see readers.h).
 *
 * A reader that is LIVE holds everything up to `room->delivered`, not up to the room's end: whoever
 * looks at a reader's state, or changes it, delivers what is fresh before. Loops over readers go
 * from the last to the first: one that leaves is replaced by one that has had its turn.
 */
#include "readers.h"

#include <stonechat/log.h>
#include <string.h>

#include <stonechat/memory.h>

#include "metrics.h"
#include "probe.h"

enum { BUNDLE_BYTES = 1 << 16 };

/* --- coming and going --- */

void readers_add(struct room *room, struct sub *sub) {
    if (room->count == room->capacity) {
        room->capacity = room->capacity == 0 ? 4 : room->capacity * 2;
        room->subs = sc_xrealloc(room->subs, room->capacity * sizeof *room->subs);
        room->seats = sc_xrealloc(room->seats, room->capacity * sizeof *room->seats);
    }
    sub->index = room->count;
    room->seats[room->count] = (struct seat){.lane = sub->conn->lane};
    room->subs[room->count++] = sub;
}

static void stop_waiting(struct sub *sub) {
    if (sub->is_waiting) {
        LIST_REMOVE(sub, waiting);
        sub->is_waiting = false;
    }
}

void readers_remove(struct sub *sub) {
    struct room *room = sub->room;
    readers_deliver(room);
    stop_waiting(sub);
    room->seats[sub->index] = room->seats[--room->count];
    room->subs[sub->index] = room->subs[room->count];
    room->subs[sub->index]->index = sub->index;
}

/* --- delivery --- */

/* The tail holds a bundle's entries until they are delivered. */
static uint32_t bundle_most(const struct room *room) {
    uint32_t most = tail_bytes_most(&room->tail);
    return most < BUNDLE_BYTES ? most : BUNDLE_BYTES;
}

void readers_prepare(struct room *room, const struct frame *frame) {
    bool too_much = room->fresh_bytes + frame->bytes > bundle_most(room);
    if (too_much || room->seq - room->delivered >= TAIL_FRAMES) {
        readers_deliver_now(room);
    }
    if (room->delivered == room->seq) {
        LIST_INSERT_HEAD(&room->set->fresh, room, fresh);
        room->set->events->on_fresh(room);
    }
    room->fresh_bytes += frame->bytes;
}

void readers_forget_fresh(struct room *room) {
    if (room->delivered != room->seq) {
        LIST_REMOVE(room, fresh);
        room->delivered = room->seq;
        room->fresh_bytes = 0;
    }
}

/* What all who are live get next. */
struct fresh {
    struct frame *entries[TAIL_FRAMES]; /* lent by the tail */
    size_t count;
    struct frame *bundles[FRAME_FORMS]; /* all entries in one frame, where there are several */
    struct frame *pieces[FRAME_FORMS];  /* what goes out; NULL before somebody needs it */
    uint64_t straight[FRAME_FORMS];     /* readers that have taken it at once */
};

static void fresh_take(struct fresh *fresh, struct room *room) {
    fresh->count = 0;
    memset(fresh->bundles, 0, sizeof fresh->bundles);
    memset(fresh->pieces, 0, sizeof fresh->pieces);
    memset(fresh->straight, 0, sizeof fresh->straight);
    for (uint64_t seq = room->delivered + 1; seq <= room->seq; seq++) {
        fresh->entries[fresh->count++] = tail_get(&room->tail, seq);
    }
    readers_forget_fresh(room);
}

static struct frame *make_piece(struct fresh *fresh, enum frame_form form) {
    if (fresh->count == 1) {
        return frame_in(fresh->entries[0], form);
    }
    fresh->bundles[form] = frame_bundle(fresh->entries, fresh->count, form);
    return fresh->bundles[form];
}

static struct frame *fresh_in(struct fresh *fresh, enum frame_form form) {
    if (fresh->pieces[form] == NULL) {
        fresh->pieces[form] = make_piece(fresh, form);
    }
    return fresh->pieces[form];
}

static void fresh_deinit(struct fresh *fresh) {
    for (int form = 0; form < FRAME_FORMS; form++) {
        uint64_t readers = fresh->straight[form];
        if (readers > 0) {
            metric_add(metrics->bytes_sent_total, readers * fresh->pieces[form]->bytes);
            metric_add(metrics->frames_sent_total, readers * fresh->pieces[form]->count);
        }
        frame_unref(&fresh->bundles[form]);
    }
}

/* What its socket leaves is queued. */
static void send_straight(struct fresh *fresh, const struct sub *sub, const struct lane *lane) {
    struct frame *piece = fresh_in(fresh, lane->form);
    ssize_t sent = lane_send(lane, piece);
    if (sent == (ssize_t)piece->bytes) {
        fresh->straight[lane->form]++;
    } else {
        conn_send_rest(sub->conn, piece, sent > 0 ? (size_t)sent : 0);
    }
}

static void send_to(struct fresh *fresh, const struct room *room, uint32_t index, bool at_once) {
    struct conn *conn = room->subs[index]->conn;
    struct frame *piece = fresh_in(fresh, conn->form);
    PROBE(entry, conn, room->id, room->seq);
    if (at_once) {
        conn_send_now(conn, piece);
    } else {
        conn_send(conn, piece);
    }
}

/* Those who keep up come first: nobody waits for what it takes to queue for a slow one. Returns
 * how many are left. */
static uint32_t send_to_ready(struct fresh *fresh, struct room *room) {
    uint32_t left = 0;
    for (uint32_t i = room->count; i-- > 0;) {
        struct seat *seat = &room->seats[i];
        const struct lane *lane = &lanes[seat->lane];
        if (seat->live && lane->straight) {
            send_straight(fresh, room->subs[i], lane);
        } else if (seat->live) {
            seat->waits = true;
            left++;
        }
    }
    return left;
}

static uint32_t ask_all_to_wait(struct room *room) {
    for (uint32_t i = 0; i < room->count; i++) {
        room->seats[i].waits = room->seats[i].live;
    }
    return room->count;
}

static void send_to_rest(struct fresh *fresh, struct room *room, bool at_once) {
    for (uint32_t i = room->count; i-- > 0;) {
        bool waits = room->seats[i].waits && room->seats[i].live;
        room->seats[i].waits = false;
        if (waits) {
            send_to(fresh, room, i, at_once);
        }
    }
}

static void deliver(struct room *room, bool at_once) {
    struct fresh fresh;
    if (room->delivered == room->seq) {
        return;
    }
    int64_t began_us = metrics_now_us();
    bool may_go_straight = at_once && !PROBE_IS_WATCHED(entry);
    fresh_take(&fresh, room);
    if (may_go_straight ? send_to_ready(&fresh, room) : ask_all_to_wait(room)) {
        send_to_rest(&fresh, room, at_once);
    }
    fresh_deinit(&fresh);
    rest_after(&room->rest, began_us, metrics_now_us());
}

void readers_deliver(struct room *room) {
    deliver(room, false);
}

void readers_deliver_now(struct room *room) {
    deliver(room, true);
}

void readers_pass(struct room *room, struct frame *frame) {
    readers_deliver(room);
    for (uint32_t i = room->count; i-- > 0;) {
        if (room->subs[i]->state >= SUB_BEHIND) {
            conn_send(room->subs[i]->conn, frame);
        }
    }
}

/* --- catching up --- */

static struct sub_place place_of(const struct room *room) {
    return (struct sub_place){room->id, room->serial, room->seq, room->at};
}

static void reset(struct sub *sub) {
    struct sub_place place = place_of(sub->room);
    sub_reset(sub, &place);
}

/* What it holds is beyond the log's end, was trimmed from it, or is of another log. */
static void refuse_cursor(struct sub *sub) {
    sc_log(SC_LOG_INFO, "reader_reset", "conn", sc_log_number(sub->conn->number), "user",
           sub->conn->user, "room", sub->room->id, "cursor", sc_log_number((int64_t)sub->cursor),
           "seq", sc_log_number((int64_t)sub->room->seq), NULL);
    reset(sub);
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

/* Shows a sub what the tail holds from where it stands; true while it has anything more to get. */
static bool show_tail(struct sub *sub) {
    struct room *room = sub->room;
    struct frame *frame;
    while (sub_needs(sub) <= room->seq && (frame = tail_get(&room->tail, sub_needs(sub))) != NULL) {
        enum sub_result result = sub_show(sub, frame);
        if (result == SUB_MISMATCH) {
            refuse_cursor(sub);
        }
        if (result != SUB_TOOK) {
            return false;
        }
    }
    return true;
}

/* What is read begins with the entry that the connection holds, to see that it is still there. */
static void wait_for_read(struct sub *sub) {
    sub->check = sub->cursor > 0;
    if (!sub->is_waiting) {
        sub->is_waiting = true;
        LIST_INSERT_HEAD(&sub->room->waiting, sub, waiting);
    }
}

/* A page has taken a sub further than its room, which lags; or is the log shorter by now? */
static void run_ahead(struct sub *sub) {
    if (sub->room->seen < sub->cursor) {
        sub->room->seen = sub->cursor;
    }
}

/* Brings a sub as far as memory reaches; after that it is live, or waits for a read, or for its
 * connection to drain. */
void readers_advance_one(struct sub *sub) {
    struct room *room = sub->room;
    readers_deliver(room);
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

/* Shows a page of the log to everybody who waits for a piece of it. */
void readers_show_page(struct room *room, struct frame **page, size_t count) {
    struct sub *sub, *next;
    readers_deliver(room);
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
            refuse_cursor(sub);
        } else if (result == SUB_FULL) {
            stop_waiting(sub);
        }
    }
}

void readers_advance(struct room *room) {
    struct sub *sub, *next;
    for (sub = LIST_FIRST(&room->waiting); sub != NULL; sub = next) {
        next = LIST_NEXT(sub, waiting);
        readers_advance_one(sub);
    }
}

uint64_t readers_need(const struct room *room) {
    uint64_t least = UINT64_MAX;
    const struct sub *sub;
    LIST_FOREACH(sub, &room->waiting, waiting) {
        if (sub_needs(sub) < least) {
            least = sub_needs(sub);
        }
    }
    return least;
}

/* Up to where entries have been sent, or need not be. */
static uint64_t reached(const struct sub *sub) {
    return sub->state == SUB_LIVE ? sub->room->seq : sub->cursor;
}

/* From where it stands; what waits in its queue may still be shed, and is owed then. */
static void go_on(struct sub *sub) {
    uint64_t floor = sub->floor;
    uint64_t at = sub->state == SUB_LIVE ? sub->room->at : sub->at;
    sub_resume(sub, reached(sub), false, at);
    sub->floor = floor;
}

void readers_resume(struct sub *sub, uint64_t cursor, uint64_t at) {
    readers_deliver(sub->room);
    bool late = sub->state >= SUB_BEHIND && reached(sub) > sub->floor;
    if (late && cursor < sub->floor) {
        stop_waiting(sub);
        refuse_cursor(sub);
        return;
    }
    sub->announce = true;
    metric_add(&metrics->catch_ups_total[METRIC_CATCH_UP_RESUME], 1);
    if (late) {
        go_on(sub);
    } else {
        sub_resume(sub, cursor, true, at);
    }
}

void readers_begin_anew(struct sub *sub) {
    readers_deliver(sub->room);
    reset(sub);
}

void readers_mute(struct sub *sub) {
    readers_deliver(sub->room);
    stop_waiting(sub);
    sub->announce = false;
    sub_become(sub, SUB_MUTED);
}

/* Before the room's end is known, all is as if it had never been muted. */
void readers_unmute(struct sub *sub, bool held) {
    if (sub->state != SUB_MUTED) {
        return;
    }
    readers_deliver(sub->room);
    if (!sub->room->known && sub->room->seq == 0) {
        sub_become(sub, SUB_NEW);
    } else if (held) {
        sub_become(sub, SUB_HELD);
    } else {
        sub->announce = true;
        metric_add(&metrics->catch_ups_total[METRIC_CATCH_UP_JOIN], 1);
        sub_resume(sub, sub->room->seq, false, 0);
    }
}

/* --- the room's end --- */

/* The room's end is known: a reader can be told, or begin at once. */
void readers_make_one_ready(struct sub *sub) {
    readers_deliver(sub->room);
    if (sub->from > 0) {
        metric_add(&metrics->catch_ups_total[METRIC_CATCH_UP_JOIN], 1);
        sub_resume(sub, sub->from - 1, false, 0);
        readers_advance_one(sub);
    } else {
        sub_become(sub, SUB_HELD);
        sub->cursor = sub->room->seq;
        sub->room->set->events->on_ready(sub);
    }
}

void readers_make_ready(struct room *room) {
    for (uint32_t i = room->count; i-- > 0;) {
        if (room->subs[i]->state == SUB_NEW) {
            readers_make_one_ready(room->subs[i]);
        }
    }
}

void readers_reset(struct room *room) {
    for (uint32_t i = room->count; i-- > 0;) {
        struct sub *sub = room->subs[i];
        stop_waiting(sub);
        if (sub->state != SUB_NEW && sub->state != SUB_MUTED) {
            reset(sub);
            room->set->events->on_rewritten(sub);
        }
    }
}
