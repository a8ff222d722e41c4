/*
 * needle: what is sought, and where a text holds it.
 */
#ifndef FCGI_NEEDLE_H
#define FCGI_NEEDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "folded.h"
#include "gram.h"

enum { NEEDLE_GRAMS_MAX = 16 };

struct needle {
    struct folded folded;
    struct gram grams[NEEDLE_GRAMS_MAX]; /* what a text that holds the needle holds, too */
    size_t grams_count;                  /* 0: too short for the index to help */
};

/* False when nothing that can be seen is sought. Given back with needle_deinit whatever is
 * returned. */
bool needle_init(struct needle *needle, const char *text, size_t bytes);
void needle_deinit(struct needle *needle);

/* Characters of a text as it was, from `from` up to, but without, `to`. */
struct needle_range {
    uint32_t from, to;
};

/* Where `text` (valid UTF-8) holds the needle, from left to right, none overlapping: at most `most`
 * ranges, and how many they are; 0: it does not hold it. */
size_t needle_find(const struct needle *needle, const char *text, size_t bytes,
                   struct needle_range *ranges_out, size_t most);

#endif
