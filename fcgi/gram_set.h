/*
 * gram_set: the grams of a few blocks, each with those of the blocks that hold it.
 */
#ifndef FCGI_GRAM_SET_H
#define FCGI_GRAM_SET_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "gram.h"

enum { GRAM_SET_BLOCKS = 8 };

struct gram_set {
    size_t count;
    size_t room; /* a power of two */
    struct gram_set_row {
        gram_code code; /* 0: free */
        uint8_t blocks; /* a bit each */
    } * rows;
};

void gram_set_init(struct gram_set *set);
void gram_set_deinit(struct gram_set *set);

/* Adds the grams of a text in block `block`, 0 to GRAM_SET_BLOCKS - 1. */
void gram_set_add(struct gram_set *set, const struct folded *folded, unsigned block);

/* Writes up to `most` grams as index_add.lua has them, block 0 as `first`. `place`, at first 0,
 * says where the next call goes on. Returns how many they were; 0: there are no more. */
size_t gram_set_write(const struct gram_set *set, size_t *place, size_t most, unsigned first,
                      FILE *out);

#endif
