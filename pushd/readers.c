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

/* The tail holds a bundle's entries until they are delivered. */
enum { BUNDLE_BYTES = TAIL_BYTES_LEAST };

enum { AHEAD = 2 };

/* --- coming and going --- */

void readers_add(struct room *room, struct sub *sub) {
    if (room->count == room->capacity) {
        room->capacity = room->capacity == 0 ? 4 : room->capacity * 2;
        room->subs = sc_xrealloc(room->subs, room->capacity * sizeof *room->subs);
    }
    sub->index = room->count;
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
    room->subs[sub->index] = room->subs[--room->count];
    room->subs[sub->index]->index = sub->index;
}

/* --- delivery --- */

void readers_prepare(struct room *room, const struct frame *frame) {
    bool too_much = room->fresh_bytes + frame->bytes > BUNDLE_BYTES;
    if (too_much || room->seq - room->delivered >= TAIL_FRAMES) {
        readers_deliver(room);
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
    struct frame *pieces[FRAME_FORMS]; /* all entries in one frame; NULL before somebody needs it */
};

static void fresh_take(struct fresh *fresh, struct room *room) {
    fresh->count = 0;
    memset(fresh->pieces, 0, sizeof fresh->pieces);
    for (uint64_t seq = room->delivered + 1; seq <= room->seq; seq++) {
        fresh->entries[fresh->count++] = tail_get(&room->tail, seq);
    }
    readers_forget_fresh(room);
}

static struct frame *fresh_in(struct fresh *fresh, enum frame_form form) {
    if (fresh->count == 1) {
        return fresh->entries[0];
    }
    if (fresh->pieces[form] == NULL) {
        fresh->pieces[form] = frame_bundle(fresh->entries, fresh->count, form);
    }
    return fresh->pieces[form];
}

static void fresh_deinit(struct fresh *fresh) {
    for (int form = 0; form < FRAME_FORMS; form++) {
        frame_unref(&fresh->pieces[form]);
    }
}

/* Each write to a socket drives what the next reader needs out of the processor's cache. */
static void fetch_ahead(const struct room *room, uint32_t index) {
    if (index >= 2 * AHEAD) {
        __builtin_prefetch(room->subs[index - 2 * AHEAD]);
        __builtin_prefetch(room->subs[index - AHEAD]->conn);
    }
}

static void deliver(struct room *room, bool (*send)(struct conn *conn, struct frame *frame)) {
    struct fresh fresh;
    if (room->delivered == room->seq) {
        return;
    }
    fresh_take(&fresh, room);
    for (uint32_t i = room->count; i-- > 0;) {
        const struct sub *sub = room->subs[i];
        fetch_ahead(room, i);
        if (sub->state == SUB_LIVE) {
            PROBE(entry, sub->conn, room->id, room->seq);
            send(sub->conn, fresh_in(&fresh, sub->conn->form));
        }
    }
    fresh_deinit(&fresh);
}

void readers_deliver(struct room *room) {
    deliver(room, conn_send);
}

void readers_deliver_now(struct room *room) {
    deliver(room, conn_send_now);
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
    sub->state = SUB_MUTED;
}

/* Before the room's end is known, all is as if it had never been muted. */
void readers_unmute(struct sub *sub, bool held) {
    if (sub->state != SUB_MUTED) {
        return;
    }
    readers_deliver(sub->room);
    if (!sub->room->known && sub->room->seq == 0) {
        sub->state = SUB_NEW;
    } else if (held) {
        sub->state = SUB_HELD;
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
        sub->state = SUB_HELD;
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
