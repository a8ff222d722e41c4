/*
 * frame: encoded once, shared by reference (see frame.h).
 */
#include "frame.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "deflate.h"
#include "metrics.h"

static struct frame *frame_new(enum frame_kind kind, const void *head, size_t head_bytes,
                               const void *payload, size_t payload_bytes) {
    struct frame *frame = sc_xmalloc(sizeof *frame + head_bytes + payload_bytes);
    *frame = (struct frame){
        .refs = 1, .bytes = (uint32_t)(head_bytes + payload_bytes), .kind = kind, .count = 1};
    if (head_bytes > 0) {
        memcpy(frame->wire, head, head_bytes);
    }
    if (payload_bytes > 0) {
        memcpy(frame->wire + head_bytes, payload, payload_bytes);
    }
    return frame;
}

static struct frame *frame_of(enum frame_kind kind, enum ws_opcode opcode, const void *payload,
                              size_t bytes) {
    unsigned char head[WS_HEAD_MAX];
    size_t head_bytes = ws_head_write(head, opcode, bytes);
    return frame_new(kind, head, head_bytes, payload, bytes);
}

struct frame *frame_text(enum frame_kind kind, const char *json, size_t bytes) {
    return frame_of(kind, WS_TEXT, json, bytes);
}

struct frame *frame_entry(uint32_t room, const struct sc_event_head *head, uint64_t before_at,
                          const char *json, size_t bytes) {
    struct frame *frame = frame_of(FRAME_ENTRY, WS_TEXT, json, bytes);
    frame->room = room;
    frame->head = *head;
    frame->before_at = before_at;
    return frame;
}

struct frame *frame_mark(uint32_t room, uint64_t seq, uint64_t at, const char *json, size_t bytes) {
    struct frame *frame = frame_of(FRAME_MARK, WS_TEXT, json, bytes);
    frame->room = room;
    frame->head.seq = seq;
    frame->head.at = at;
    return frame;
}

struct frame *frame_control(enum ws_opcode opcode, const void *payload, size_t bytes) {
    return frame_of(FRAME_CONTROL, opcode, payload, bytes);
}

struct frame *frame_close(int code, const char *reason) {
    unsigned char payload[WS_CONTROL_MAX] = {(unsigned char)(code >> 8), (unsigned char)code};
    size_t reason_bytes = strnlen(reason, sizeof payload - 2);
    memcpy(payload + 2, reason, reason_bytes);
    return frame_control(WS_CLOSE, payload, 2 + reason_bytes);
}

struct frame *frame_raw(const char *bytes, size_t count) {
    return frame_new(FRAME_ANSWER, NULL, 0, bytes, count);
}

/* --- forms --- */

enum { WORTH_PACKING = 64 }; /* bytes of a payload */

/* Where the payload of a whole text frame stands; 0: it is none. */
static size_t text_offset(const struct frame *frame) {
    static const unsigned char text = 0x80 | WS_TEXT;
    uint64_t bytes;
    return frame->bytes >= 2 && frame->wire[0] == text ? ws_own_head(frame->wire, &bytes) : 0;
}

static struct frame *frame_packed(const struct frame *frame, const void *packed, size_t bytes) {
    unsigned char head[WS_HEAD_MAX];
    size_t head_bytes = ws_head_write(head, WS_TEXT, bytes);
    head[0] |= WS_DEFLATED;
    struct frame *deflated = frame_new(frame->kind, head, head_bytes, packed, bytes);
    deflated->room = frame->room;
    deflated->head = frame->head;
    deflated->before_at = frame->before_at;
    deflated->deflated = deflated;
    return deflated;
}

/* Only what has many readers is worth the work. */
static bool is_shared(const struct frame *frame) {
    return frame->kind == FRAME_ENTRY || frame->kind == FRAME_PASSING;
}

static struct frame *pack(struct frame *frame) {
    size_t offset = is_shared(frame) ? text_offset(frame) : 0;
    size_t bytes = frame->bytes - offset;
    if (offset == 0 || bytes < WORTH_PACKING) {
        return frame;
    }
    unsigned char *packed = sc_xmalloc(bytes);
    size_t packed_bytes = deflate_pack(frame->wire + offset, bytes, packed, bytes);
    metric_add(metrics->deflated_frames_total, 1);
    struct frame *deflated = packed_bytes > 0 ? frame_packed(frame, packed, packed_bytes) : frame;
    free(packed);
    return deflated;
}

struct frame *frame_deflated(struct frame *frame) {
    if (frame->deflated == NULL) {
        frame->deflated = pack(frame);
    }
    return frame->deflated;
}

struct frame *frame_bundle(struct frame *const *entries, size_t count, enum frame_form form) {
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += frame_in(entries[i], form)->bytes;
    }
    struct frame *bundle = sc_xmalloc(sizeof *bundle + bytes);
    *bundle = *entries[0];
    bundle->refs = 1;
    bundle->deflated = bundle;
    bundle->count = (uint32_t)count;
    bundle->bytes = 0;
    for (size_t i = 0; i < count; i++) {
        const struct frame *entry = frame_in(entries[i], form);
        memcpy(bundle->wire + bundle->bytes, entry->wire, entry->bytes);
        bundle->bytes += entry->bytes;
    }
    return bundle;
}

/* --- references --- */

struct frame *frame_ref(struct frame *frame) {
    frame->refs++;
    return frame;
}

void frame_unref(struct frame **frame) {
    struct frame *mine = *frame;
    *frame = NULL;
    if (mine != NULL && --mine->refs == 0) {
        if (mine->deflated != mine) {
            frame_unref(&mine->deflated);
        }
        free(mine);
    }
}
