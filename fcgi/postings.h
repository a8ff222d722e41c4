/*
 * postings: a set of the blocks of one segment.
 *
 * A block is BLOCK_ENTRIES consecutive entries of a log, a segment is POSTINGS_BLOCKS blocks. In
 * Redis such a set is a string of one byte a block.
 */
#ifndef FCGI_POSTINGS_H
#define FCGI_POSTINGS_H

#include <stddef.h>
#include <stdint.h>

enum { BLOCK_ENTRIES = 128, POSTINGS_BLOCKS = 256 };

struct postings {
    uint64_t bits[POSTINGS_BLOCKS / 64];
};

void postings_fill(struct postings *postings);
/* Keeps those blocks only that are in `bytes`, too. */
void postings_keep(struct postings *postings, const char *bytes, size_t count);
/* The highest block of the set that is not above `most`; -1: none. */
int postings_at_most(const struct postings *postings, int most);

#endif
