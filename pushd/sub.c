/*
 * sub: one connection's standing in one room (see sub.h). Knows nothing of where entries come from,
 * and of its room only the name.
 */
#include "sub.h"

#include <stdlib.h>
#include <string.h>

#include "metrics.h"
#include "probe.h"
#include "room.h"

void sub_become(struct sub *sub, enum sub_state state) {
    sub->state = state;
    sub->room->seats[sub->index].live = state == SUB_LIVE;
}

uint64_t sub_needs(const struct sub *sub) {
    return sub->check ? sub->cursor : sub->cursor + 1;
}

static enum sub_result verify(struct sub *sub, const struct frame *frame) {
    if (frame->head.seq != sub->cursor || (sub->at != 0 && frame->head.at != sub->at)) {
        return SUB_MISMATCH;
    }
    sub->check = false;
    sub->at = frame->head.at;
    return SUB_TOOK;
}

/* Each entry knows the one before it, so that no piece of another log is ever put to this one. */
static bool follows(const struct sub *sub, const struct frame *frame) {
    bool same = sub->at == 0 || frame->before_at == 0 || frame->before_at == sub->at;
    return same && frame->head.seq == sub->cursor + 1;
}

enum sub_result sub_show(struct sub *sub, struct frame *frame) {
    if (frame->head.seq < sub_needs(sub)) {
        return SUB_TOOK;
    }
    if (sub->check) {
        return verify(sub, frame);
    }
    if (!follows(sub, frame)) {
        return SUB_MISMATCH;
    }
    if (!conn_has_room(sub->conn)) {
        conn_await_drain(sub->conn);
        return SUB_FULL;
    }
    sub->cursor = frame->head.seq;
    sub->at = frame->head.at;
    metric_add(metrics->entries_replayed_total, 1);
    PROBE(entry, sub->conn, sub->room->id, frame->head.seq);
    conn_send(sub->conn, frame);
    return SUB_TOOK;
}

static void set_out(struct sub *sub, uint64_t cursor, bool check, uint64_t at) {
    sub_become(sub, SUB_BEHIND);
    sub->cursor = cursor;
    sub->check = check && cursor > 0;
    sub->at = at;
    PROBE(behind, sub->conn, sub->room->id, cursor);
}

void sub_resume(struct sub *sub, uint64_t cursor, bool check, uint64_t at) {
    set_out(sub, cursor, check, at);
    sub->floor = cursor;
}

/* The first of the frames that a queue lost. */
static void count_shed(const struct sub *sub) {
    if (sub->state == SUB_LIVE) {
        metric_add(&metrics->catch_ups_total[METRIC_CATCH_UP_SHED], 1);
    }
}

static void rewind_to(struct sub *sub, uint64_t cursor, uint64_t at) {
    if (sub->state == SUB_LIVE || (sub->state == SUB_BEHIND && sub->cursor > cursor)) {
        count_shed(sub);
        set_out(sub, cursor, false, at);
    }
}

void sub_rewind(struct sub *sub, const struct frame *dropped) {
    uint64_t seq = dropped->head.seq;
    if (dropped->kind == FRAME_MARK && seq >= sub->floor) {
        rewind_to(sub, seq, dropped->head.at);
        sub->announce = true;
    } else if (seq > sub->floor) {
        rewind_to(sub, seq - 1, dropped->before_at);
    }
}

void sub_go_live(struct sub *sub, const struct sub_place *place) {
    bool announce = sub->announce;
    sub_become(sub, SUB_LIVE);
    PROBE(live, sub->conn, place->id, place->seq);
    sub->announce = false;
    if (announce) {
        char *json = sc_mark_encode(SC_EVENT_CAUGHT_UP, place->id, place->seq);
        struct frame *frame = frame_mark(place->serial, place->seq, place->at, json, strlen(json));
        conn_send(sub->conn, frame);
        frame_unref(&frame);
        free(json);
    }
}

void sub_reset(struct sub *sub, const struct sub_place *place) {
    if (sub->state != SUB_HELD) {
        sub_become(sub, SUB_LIVE);
    }
    sub->cursor = place->seq;
    sub->announce = false;
    sub->check = false;
    sub->floor = place->seq;
    metric_add(metrics->resets_total, 1);
    PROBE(reset, sub->conn, place->id, place->seq);
    char *json = sc_mark_encode(SC_EVENT_RESET, place->id, place->seq);
    struct frame *frame = frame_text(FRAME_CONTROL, json, strlen(json));
    conn_send(sub->conn, frame);
    frame_unref(&frame);
    free(json);
}
