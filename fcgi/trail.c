/*
 * trail: walks down the blocks of one room (see trail.h).
 */
#include "trail.h"

void trail_begin(struct trail *trail, const struct needle *needle, int64_t seq, int64_t trimmed,
                 int64_t indexed) {
    *trail = (struct trail){
        .needle = needle,
        .block = seq > 0 ? block_of(seq) : TRAIL_END,
        .lowest = block_of(trimmed + 1),
        .indexed = needle->grams_count > 0 ? indexed : 0,
    };
}

static bool was_told(const struct trail *trail, int64_t segment) {
    return segment >= trail->segment && segment < trail->segment + trail->segments_count;
}

int64_t trail_next(struct trail *trail) {
    while (trail->block >= trail->lowest && trail->block < trail->indexed) {
        int64_t segment = trail->block / POSTINGS_BLOCKS;
        if (!was_told(trail, segment)) {
            return TRAIL_UNKNOWN;
        }
        int found = postings_at_most(&trail->told[segment - trail->segment],
                                     (int)(trail->block % POSTINGS_BLOCKS));
        trail->block = segment * POSTINGS_BLOCKS + found;
        if (found >= 0) {
            break;
        }
    }
    return trail->block >= trail->lowest ? trail->block : TRAIL_END;
}

void trail_pass(struct trail *trail) {
    trail->block--;
}

int64_t trail_ask(struct trail *trail, int64_t *first_out) {
    int64_t highest = trail->block / POSTINGS_BLOCKS;
    int64_t lowest = trail->lowest / POSTINGS_BLOCKS;
    int64_t most = highest - lowest + 1;
    trail->segments_count = most < TRAIL_SEGMENTS ? most : TRAIL_SEGMENTS;
    trail->segment = *first_out = highest - trail->segments_count + 1;
    for (int64_t i = 0; i < trail->segments_count; i++) {
        postings_fill(&trail->told[i]);
    }
    return trail->segments_count;
}

void trail_tell(struct trail *trail, int64_t i, const char *blocks, size_t bytes) {
    postings_keep(&trail->told[i], blocks, bytes);
}
