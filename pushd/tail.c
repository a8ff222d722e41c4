/*
 * tail: a ring of references to frames (see tail.h).
 */
#include "tail.h"

#include <stdlib.h>

#include <stonechat/memory.h>

enum { CAPACITY_FIRST = 4 };

void tail_init(struct tail *tail) {
    *tail = (struct tail){0};
}

static struct frame **slot(const struct tail *tail, uint32_t index) {
    return &tail->ring[(tail->first + index) & (tail->capacity - 1)];
}

static void forget_oldest(struct tail *tail) {
    tail->bytes -= (*slot(tail, 0))->bytes;
    frame_unref(slot(tail, 0));
    tail->first++;
    tail->count--;
}

void tail_deinit(struct tail *tail) {
    while (tail->count > 0) {
        forget_oldest(tail);
    }
    free(tail->ring);
    *tail = (struct tail){.most = tail->most};
}

static void resize(struct tail *tail, uint32_t capacity) {
    struct frame **ring = sc_xcalloc(capacity, sizeof *ring);
    for (uint32_t i = 0; i < tail->count; i++) {
        ring[i] = *slot(tail, i);
    }
    free(tail->ring);
    tail->ring = ring;
    tail->first = 0;
    tail->capacity = capacity;
}

static void make_room(struct tail *tail) {
    if (tail->count == tail->capacity) {
        resize(tail, tail->capacity == 0 ? CAPACITY_FIRST : tail->capacity * 2);
    }
}

void tail_share(struct tail *tail, size_t total, size_t count) {
    size_t share = total / count;
    tail->most = (uint32_t)(share > TAIL_BYTES         ? TAIL_BYTES
                            : share < TAIL_BYTES_LEAST ? TAIL_BYTES_LEAST
                                                       : share);
}

uint32_t tail_bytes_most(const struct tail *tail) {
    return tail->most != 0 ? tail->most : TAIL_BYTES;
}

static bool has_room(const struct tail *tail, const struct frame *frame) {
    return tail->count < TAIL_FRAMES && tail->bytes + frame->bytes <= tail_bytes_most(tail);
}

void tail_push(struct tail *tail, struct frame *frame) {
    while (tail->count > 0 && !has_room(tail, frame)) {
        forget_oldest(tail);
    }
    make_room(tail);
    *slot(tail, tail->count++) = frame_ref(frame);
    tail->bytes += frame->bytes;
    tail->used = true;
}

static void push_older(struct tail *tail, struct frame *frame) {
    make_room(tail);
    tail->first--;
    tail->count++;
    *slot(tail, 0) = frame_ref(frame);
    tail->bytes += frame->bytes;
}

void tail_extend(struct tail *tail, struct frame *const *page, size_t count) {
    if (tail->count == 0 || count == 0) {
        return;
    }
    const struct frame *oldest = *slot(tail, 0);
    uint64_t first = page[0]->head.seq;
    uint64_t before = oldest->head.seq - first;
    if (oldest->head.seq < first || before >= count || page[before]->head.seq != oldest->head.seq ||
        page[before]->head.at != oldest->head.at) {
        return;
    }
    while (before > 0 && page[before - 1]->head.seq == page[before]->head.seq - 1 &&
           has_room(tail, page[before - 1])) {
        push_older(tail, page[--before]);
    }
}

struct frame *tail_get(struct tail *tail, uint64_t seq) {
    if (tail->count == 0) {
        return NULL;
    }
    uint64_t first = (*slot(tail, 0))->head.seq;
    tail->used = true;
    return seq >= first && seq - first < tail->count ? *slot(tail, (uint32_t)(seq - first)) : NULL;
}

void tail_forget_older(struct tail *tail) {
    while (tail->count > 1) {
        forget_oldest(tail);
    }
}

void tail_age(struct tail *tail) {
    if (!tail->used && tail->count > 1) {
        tail_forget_older(tail);
        resize(tail, CAPACITY_FIRST);
    }
    tail->used = false;
}
