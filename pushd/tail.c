/*
 * tail: a ring of references to frames (see tail.h).
 */
#include "tail.h"

#include <stdlib.h>

#include <stonechat/memory.h>

void tail_init(struct tail *tail) {
    *tail = (struct tail){0};
}

static struct frame **slot(const struct tail *tail, uint32_t index) {
    return &tail->ring[(tail->first + index) % TAIL_FRAMES];
}

static void forget_oldest(struct tail *tail) {
    tail->bytes -= (*slot(tail, 0))->bytes;
    frame_unref(slot(tail, 0));
    tail->first = (tail->first + 1) % TAIL_FRAMES;
    tail->count--;
}

void tail_deinit(struct tail *tail) {
    while (tail->count > 0) {
        forget_oldest(tail);
    }
    free(tail->ring);
    tail_init(tail);
}

void tail_push(struct tail *tail, struct frame *frame) {
    if (tail->ring == NULL) {
        tail->ring = sc_xcalloc(TAIL_FRAMES, sizeof *tail->ring);
    }
    while (tail->count == TAIL_FRAMES ||
           (tail->count > 0 && tail->bytes + frame->bytes > TAIL_BYTES)) {
        forget_oldest(tail);
    }
    *slot(tail, tail->count++) = frame_ref(frame);
    tail->bytes += frame->bytes;
}

struct frame *tail_get(const struct tail *tail, uint64_t seq) {
    if (tail->count == 0) {
        return NULL;
    }
    uint64_t first = (*slot(tail, 0))->head.seq;
    return seq >= first && seq - first < tail->count ? *slot(tail, (uint32_t)(seq - first)) : NULL;
}
