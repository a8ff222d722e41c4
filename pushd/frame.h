/*
 * frame: what is sent, encoded once and shared by reference.
 *
 * A frame is immutable: its WebSocket head and payload stand in one piece of memory, ready for the
 * socket, and every outbox that holds it has a reference. The last one to let go frees it. What
 * some readers take in another form has that form made once, when the first of them needs it. Many
 * entries that go out together are one frame, a bundle.
 */
#ifndef PUSHD_FRAME_H
#define PUSHD_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include <stonechat/event.h>

#include "ws_frame.h"

enum frame_kind {
    FRAME_ENTRY,   /* of a room's log: may be dropped, since catching up brings it again */
    FRAME_MARK,    /* the end of catching up: the same */
    FRAME_PASSING, /* may be dropped for good */
    FRAME_CONTROL, /* must arrive or the connection ends */
    FRAME_ANSWER   /* that of HTTP: the same, even before last words */
};

/* In which form a connection takes what is sent. */
enum frame_form {
    FRAME_PLAIN,    /* WebSocket frames as they are made */
    FRAME_DEFLATED, /* permessage-deflate, where that makes them smaller */
    FRAME_FORMS
};

struct frame {
    uint32_t refs;
    uint32_t bytes;
    struct frame *deflated; /* NULL before somebody asked; itself: not worth it */
    enum frame_kind kind;
    uint32_t count; /* of WebSocket frames in it */
    uint32_t room;  /* FRAME_ENTRY, FRAME_MARK: the log's serial number in this process */
    struct sc_event_head head; /* the same: its numbers; of a bundle, the first one's */
    uint64_t before_at;        /* FRAME_ENTRY: `at` of the entry before it; 0: not known, or none */
    unsigned char wire[];
};

/* Each returns a frame with one reference, the caller's. */
struct frame *frame_text(enum frame_kind kind, const char *json, size_t bytes);
struct frame *frame_entry(uint32_t room, const struct sc_event_head *head, uint64_t before_at,
                          const char *json, size_t bytes);
/* Entries of one room that follow each other, in one piece and one form: what all its readers who
 * take that form get next. */
struct frame *frame_bundle(struct frame *const *entries, size_t count, enum frame_form form);
/* `seq` and `at` are those of the newest entry before the mark. */
struct frame *frame_mark(uint32_t room, uint64_t seq, uint64_t at, const char *json, size_t bytes);
struct frame *frame_control(enum ws_opcode opcode, const void *payload, size_t bytes);
/* Close with a code and a reason of at most 123 bytes (RFC 6455 section 5.5.1). */
struct frame *frame_close(int code, const char *reason);
/* Bytes as they are: an HTTP answer. */
struct frame *frame_raw(const char *bytes, size_t count);

/* For frame_in, where it isn't plain. */
struct frame *frame_deflated(struct frame *frame);

/* The same frame in that form, lent as long as `frame` is held: made at most once, and then the
 * same for everybody. May be `frame` itself. */
static inline struct frame *frame_in(struct frame *frame, enum frame_form form) {
    return form == FRAME_PLAIN ? frame : frame_deflated(frame);
}

struct frame *frame_ref(struct frame *frame);
void frame_unref(struct frame **frame);

#endif
