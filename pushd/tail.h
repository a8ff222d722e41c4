/*
 * tail: the newest entries of one room's log, kept in memory as ready frames.
 *
 * Contiguous in `seq`. It serves most readers that are a little behind without asking Redis; it is
 * bounded in frames and bytes, and forgets the oldest first. The newest is never forgotten, so that
 * a cursor at the log's end can be verified.
 */
#ifndef PUSHD_TAIL_H
#define PUSHD_TAIL_H

#include <stdint.h>

#include "frame.h"

enum { TAIL_FRAMES = 64, TAIL_BYTES = 1 << 16 };

struct tail {
    struct frame **ring; /* TAIL_FRAMES of them; NULL while empty */
    uint32_t first, count, bytes;
};

void tail_init(struct tail *tail);
void tail_deinit(struct tail *tail);

/* Takes a reference of its own. `frame` follows the newest; on an empty tail it may be any. */
void tail_push(struct tail *tail, struct frame *frame);
/* The frame of entry `seq`, lent; NULL when it isn't here. */
struct frame *tail_get(const struct tail *tail, uint64_t seq);

#endif
