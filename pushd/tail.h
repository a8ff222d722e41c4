/*
 * tail: the newest entries of one room's log, kept in memory as ready frames.
 *
 * Contiguous in `seq`. It serves most readers that are a little behind without asking Redis; it is
 * bounded in frames and bytes, and forgets the oldest first. The newest is never forgotten, so that
 * a cursor at the log's end can be verified. What nobody has asked for in a while is forgotten too:
 * a quiet room costs next to nothing.
 */
#ifndef PUSHD_TAIL_H
#define PUSHD_TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

enum { TAIL_FRAMES = 256, TAIL_BYTES = 1 << 17, TAIL_BYTES_LEAST = 1 << 14 };

struct tail {
    struct frame **ring; /* of `capacity`, a power of two; NULL while empty */
    uint32_t first, count, capacity, bytes;
    uint32_t most; /* bytes; 0: TAIL_BYTES */
    bool used;     /* since it was last looked at */
};

void tail_init(struct tail *tail);
void tail_deinit(struct tail *tail);

/* A share of `total` bytes, where there are `count` tails: from now on this one holds no more, but
 * TAIL_BYTES_LEAST in any case. */
void tail_share(struct tail *tail, size_t total, size_t count);
/* How many bytes it holds at most. */
uint32_t tail_bytes_most(const struct tail *tail);

/* Takes a reference of its own. `frame` follows the newest; on an empty tail it may be any. */
void tail_push(struct tail *tail, struct frame *frame);
/* Takes what a page of the same log, ascending and without holes, holds before the oldest, as far
 * as there is room. Nothing of a page that doesn't reach, and agree with, the oldest. */
void tail_extend(struct tail *tail, struct frame *const *page, size_t count);
/* The frame of entry `seq`, lent; NULL when it isn't here. */
struct frame *tail_get(struct tail *tail, uint64_t seq);
/* Forgets all but the newest. */
void tail_forget_older(struct tail *tail);
/* Forgets all but the newest, unless it was used since the last time. */
void tail_age(struct tail *tail);

#endif
