/*
 * postings: sets of blocks as bits (see postings.h).
 */
#include "postings.h"

#include <string.h>

void postings_fill(struct postings *postings) {
    memset(postings->bits, 0xff, sizeof postings->bits);
}

void postings_keep(struct postings *postings, const char *bytes, size_t count) {
    struct postings others = {{0}};
    for (size_t i = 0; i < count; i++) {
        unsigned block = (unsigned char)bytes[i];
        others.bits[block / 64] |= UINT64_C(1) << block % 64;
    }
    for (size_t i = 0; i < POSTINGS_BLOCKS / 64; i++) {
        postings->bits[i] &= others.bits[i];
    }
}

int postings_at_most(const struct postings *postings, int most) {
    int block = most;
    while (block >= 0 && !(postings->bits[block / 64] >> block % 64 & 1)) {
        block--;
    }
    return block;
}
