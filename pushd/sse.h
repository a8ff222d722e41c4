/*
 * sse: what a connection is told, as Server-Sent Events (WHATWG HTML, section 9.2).
 *
 * Pure: WebSocket frames in, in the order in which they are sent; text out. So a reader of events
 * is queued for, shed and caught up with as any other, and only what it really gets is written
 * down, with an `id` that says what it holds after it: an entry that was dropped is in no id.
 *
 * A text frame is `data:` with its JSON, a ping a comment, a Close the event `close`, whose data is
 * {"code":CODE,"reason":REASON}, and `retry:` when its reason names `retry_ms`.
 */
#ifndef PUSHD_SSE_H
#define PUSHD_SSE_H

#include <stdbool.h>
#include <stddef.h>

#include "cursors.h"

struct sse {
    struct cursors cursors; /* of what has been written */
    bool resumes;           /* the client has said where it stands */
    char *text;             /* what was written and has yet to be sent; NULL: nothing */
    size_t bytes, sent, capacity;
};

struct sse *sse_new(void);
void sse_free(struct sse **sse);

/* Writes `text` as it is: the answer's head. */
void sse_say(struct sse *sse, const char *text);
/* Writes what the whole frames at `wire` say, until the text is large enough for one write; returns
 * how many bytes of `wire` that were: at least one frame. */
size_t sse_write(struct sse *sse, const unsigned char *wire, size_t bytes);

static inline bool sse_is_full(const struct sse *sse) {
    enum { ENOUGH = 1 << 14 };
    return sse->bytes >= ENOUGH;
}

/* So many bytes of the text, from `sent` on, are gone; with the last one the memory is. */
void sse_sent(struct sse *sse, size_t bytes);

#endif
