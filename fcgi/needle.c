/*
 * needle: a folded query, and the search for it in folded texts (see needle.h).
 *
 * This alone decides what is found: the index only tells where it is worth looking.
 */
#include "needle.h"

bool needle_init(struct needle *needle, const char *text, size_t bytes) {
    folded_init(&needle->folded, text, bytes);
    folded_trim(&needle->folded);
    needle->grams_count = gram_sought(&needle->folded, needle->grams, NEEDLE_GRAMS_MAX);
    return needle->folded.count > 0;
}

void needle_deinit(struct needle *needle) {
    folded_deinit(&needle->folded);
}

static bool stands_at(const struct needle *needle, const struct folded_character *text) {
    const struct folded_character *sought = needle->folded.characters;
    size_t i = 0;
    while (i < needle->folded.count && text[i].character == sought[i].character) {
        i++;
    }
    return i == needle->folded.count;
}

/* Two finds may share a character of the original, which became several: such are shown as one. */
static size_t add_range(struct needle_range *ranges, size_t count, struct needle_range found) {
    if (count > 0 && found.from < ranges[count - 1].to) {
        ranges[count - 1].to = found.to;
        return count;
    }
    ranges[count] = found;
    return count + 1;
}

static size_t find(const struct needle *needle, const struct folded *text,
                   struct needle_range *ranges, size_t most) {
    size_t sought = needle->folded.count;
    size_t count = 0;
    for (size_t at = 0; at + sought <= text->count && count < most;) {
        const struct folded_character *here = &text->characters[at];
        if (!stands_at(needle, here)) {
            at++;
            continue;
        }
        count = add_range(ranges, count, (struct needle_range){here[0].from, here[sought - 1].to});
        at += sought;
    }
    return count;
}

size_t needle_find(const struct needle *needle, const char *text, size_t bytes,
                   struct needle_range *ranges_out, size_t most) {
    struct folded folded;
    folded_init(&folded, text, bytes);
    size_t count = find(needle, &folded, ranges_out, most);
    folded_deinit(&folded);
    return count;
}
