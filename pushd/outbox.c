/*
 * outbox: a ring of references to frames (see outbox.h).
 */
#include "outbox.h"

#include <stdlib.h>

#include <stonechat/memory.h>

#include "metrics.h"

enum { CAPACITY_FIRST = 4 };

void outbox_init(struct outbox *outbox) {
    *outbox = (struct outbox){0};
}

static struct frame **slot(struct outbox *outbox, uint32_t index) {
    return outbox->capacity == 0 ? &outbox->only
                                 : &outbox->ring[(outbox->first + index) & (outbox->capacity - 1)];
}

static void free_ring(struct outbox *outbox) {
    if (outbox->capacity != 0) {
        free(outbox->ring);
    }
}

static void release(struct outbox *outbox) {
    free_ring(outbox);
    outbox_init(outbox);
}

void outbox_deinit(struct outbox *outbox) {
    metric_subtract(metrics->queue_bytes, outbox->bytes);
    for (uint32_t i = 0; i < outbox->count; i++) {
        frame_unref(slot(outbox, i));
    }
    release(outbox);
}

static void grow(struct outbox *outbox) {
    uint32_t capacity = outbox->capacity == 0 ? CAPACITY_FIRST : outbox->capacity * 2;
    struct frame **ring = sc_xmalloc(capacity * sizeof *ring);
    for (uint32_t i = 0; i < outbox->count; i++) {
        ring[i] = *slot(outbox, i);
    }
    free_ring(outbox);
    outbox->ring = ring;
    outbox->first = 0;
    outbox->capacity = capacity;
}

void outbox_push(struct outbox *outbox, struct frame *frame) {
    if (outbox->count > 0 && outbox->count >= outbox->capacity) {
        grow(outbox);
    }
    *slot(outbox, outbox->count++) = frame_ref(frame);
    outbox->bytes += frame->bytes;
    metric_add(metrics->queue_bytes, frame->bytes);
}

int outbox_gather(struct outbox *outbox, struct iovec *pieces, int most) {
    int count = 0;
    for (uint32_t i = 0; i < outbox->count && count < most; i++) {
        struct frame *frame = *slot(outbox, i);
        uint32_t skip = i == 0 ? outbox->sent : 0;
        pieces[count++] =
            (struct iovec){.iov_base = frame->wire + skip, .iov_len = frame->bytes - skip};
    }
    return count;
}

void outbox_sent(struct outbox *outbox, size_t bytes) {
    uint64_t frames = 0;
    outbox->bytes -= (uint32_t)bytes;
    metric_add(metrics->bytes_sent_total, bytes);
    metric_subtract(metrics->queue_bytes, bytes);
    bytes += outbox->sent;
    while (outbox->count > 0 && bytes >= (*slot(outbox, 0))->bytes) {
        bytes -= (*slot(outbox, 0))->bytes;
        frames += (*slot(outbox, 0))->count;
        frame_unref(slot(outbox, 0));
        outbox->first++;
        outbox->count--;
    }
    outbox->sent = (uint32_t)bytes;
    metric_add(metrics->frames_sent_total, frames);
    if (outbox->count == 0) {
        release(outbox);
    }
}

static bool may_drop(struct outbox *outbox, uint32_t index) {
    return (*slot(outbox, index))->kind < FRAME_CONTROL && (index > 0 || outbox->sent == 0);
}

void outbox_shed(struct outbox *outbox, void (*on_dropped)(void *context, const struct frame *),
                 void *context) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < outbox->count; i++) {
        struct frame **frame = slot(outbox, i);
        if (may_drop(outbox, i)) {
            on_dropped(context, *frame);
            outbox->bytes -= (*frame)->bytes;
            metric_subtract(metrics->queue_bytes, (*frame)->bytes);
            frame_unref(frame);
        } else {
            *slot(outbox, kept++) = *frame;
        }
    }
    outbox->count = kept;
    if (kept == 0) {
        release(outbox);
    }
}

void outbox_cut(struct outbox *outbox) {
    bool first_stays =
        outbox->count > 0 && (outbox->sent > 0 || (*slot(outbox, 0))->kind == FRAME_ANSWER);
    uint32_t kept = first_stays ? 1 : 0;
    while (outbox->count > kept) {
        struct frame **last = slot(outbox, --outbox->count);
        outbox->bytes -= (*last)->bytes;
        metric_subtract(metrics->queue_bytes, (*last)->bytes);
        frame_unref(last);
    }
    if (outbox->count == 0) {
        release(outbox);
    }
}
