/*
 * gram: the short runs of characters under which blocks of messages are found in the index.
 *
 * A text is cut into all its grams: of dense scripts (Chinese, Japanese, Korean) and of pictures
 * each character and each pair; of everything else, spaces between words included, each pair and
 * each three. Grams don't reach from the one kind into the other. What holds a needle holds each
 * gram of it, though not the other way round.
 */
#ifndef FCGI_GRAM_H
#define FCGI_GRAM_H

#include <stddef.h>
#include <stdint.h>

#include "folded.h"

enum { GRAM_CHARACTERS_MAX = 3, GRAM_BYTES_MAX = 4 * GRAM_CHARACTERS_MAX };

/* Three characters of 21 bits; those that aren't there are 0. */
typedef uint64_t gram_code;

struct gram {
    size_t bytes;
    char text[GRAM_BYTES_MAX]; /* UTF-8, not terminated */
};

/* Calls `take` for each gram of a text; for one that comes twice, twice. */
void gram_each(const struct folded *folded, void (*take)(void *context, gram_code code),
               void *context);

/* The grams of what is sought that are most telling: at most `most` of them, and how many they
 * are. */
size_t gram_sought(const struct folded *folded, struct gram *grams_out, size_t most);

struct gram gram_of_code(gram_code code);

#endif
