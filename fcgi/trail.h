/*
 * trail: the blocks of one room that may hold what is sought, from the newest to the oldest.
 *
 * A block that is in the index is worth reading when all grams of the needle occur in it; one that
 * is not yet, or when the needle is too short for the index, always. A trail asks nobody: it says
 * which segments it has to be told of (hunt asks for them).
 */
#ifndef FCGI_TRAIL_H
#define FCGI_TRAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "needle.h"
#include "postings.h"

enum {
    TRAIL_SEGMENTS = 16, /* that it is told of at once */
    TRAIL_END = -1,
    TRAIL_UNKNOWN = -2
};

/* Blocks and segments are counted from 0, entries from 1. */
static inline int64_t block_of(int64_t seq) {
    return (seq - 1) / BLOCK_ENTRIES;
}
static inline int64_t block_first(int64_t block) {
    return block * BLOCK_ENTRIES + 1;
}

struct trail {
    const struct needle *needle;
    int64_t block;   /* the next that comes into question */
    int64_t lowest;  /* the last one that does */
    int64_t indexed; /* blocks that the index knows */
    int64_t segment; /* the lowest of those that it was told of; */
    int64_t segments_count;
    struct postings told[TRAIL_SEGMENTS]; /* from there upwards */
};

/* From entry `seq` (0: there is none) down to, but without, `trimmed`. The needle is lent. */
void trail_begin(struct trail *trail, const struct needle *needle, int64_t seq, int64_t trimmed,
                 int64_t indexed);

/* The next block; TRAIL_END; TRAIL_UNKNOWN when trail_ask and trail_tell have to come first. */
int64_t trail_next(struct trail *trail);
/* Goes past the block that trail_next gave. */
void trail_pass(struct trail *trail);

/* Which segments it has to be told of: how many, from `first_out` upwards. */
int64_t trail_ask(struct trail *trail, int64_t *first_out);
/* The blocks of the segment `i` places above the first that hold one gram of the needle. */
void trail_tell(struct trail *trail, int64_t i, const char *blocks, size_t bytes);

#endif
