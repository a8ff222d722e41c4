/*
 * gram: cuts folded texts into grams (see gram.h).
 */
#include "gram.h"

#include <stdbool.h>
#include <unicode/utf8.h>

enum { CHARACTER_BITS = 21, CHARACTER_MASK = (1 << CHARACTER_BITS) - 1 };

/* Characters one of which says as much as a syllable or a word does: Hangul's letters, arrows,
 * symbols and pictures, all that begins with the radicals of Chinese. */
static bool is_dense(uint32_t c) {
    return c >= 0x2E80 || (c >= 0x2190 && c < 0x2C00) || (c >= 0x1100 && c < 0x1200);
}

/* How many characters from `at` on are of one kind, up to the most that a gram has of it. */
static size_t run_at(const struct folded *folded, size_t at) {
    const struct folded_character *characters = folded->characters;
    bool dense = is_dense(characters[at].character);
    size_t most = dense ? 2 : GRAM_CHARACTERS_MAX;
    size_t run = 1;
    while (run < most && at + run < folded->count &&
           is_dense(characters[at + run].character) == dense) {
        run++;
    }
    return run;
}

static size_t shortest_at(const struct folded *folded, size_t at) {
    return is_dense(folded->characters[at].character) ? 1 : 2;
}

static gram_code code_at(const struct folded *folded, size_t at, size_t count) {
    gram_code code = 0;
    for (size_t i = 0; i < count; i++) {
        code |= (gram_code)folded->characters[at + i].character << (CHARACTER_BITS * i);
    }
    return code;
}

void gram_each(const struct folded *folded, void (*take)(void *context, gram_code code),
               void *context) {
    for (size_t at = 0; at < folded->count; at++) {
        size_t run = run_at(folded, at);
        for (size_t count = shortest_at(folded, at); count <= run; count++) {
            take(context, code_at(folded, at, count));
        }
    }
}

/* Whether the longest gram at `at` lies within the one before it. */
static bool is_covered(const struct folded *folded, size_t at) {
    return at > 0 && run_at(folded, at - 1) == run_at(folded, at) + 1;
}

static bool is_sought(const struct folded *folded, size_t at) {
    return run_at(folded, at) >= shortest_at(folded, at) && !is_covered(folded, at);
}

/* Of more than fit, some from all over the needle. */
size_t gram_sought(const struct folded *folded, struct gram *grams_out, size_t most) {
    size_t all = 0, seen = 0, count = 0;
    for (size_t at = 0; at < folded->count; at++) {
        all += is_sought(folded, at);
    }
    for (size_t at = 0; at < folded->count; at++) {
        if (!is_sought(folded, at)) {
            continue;
        }
        if (all <= most || seen * most / all == count) {
            grams_out[count++] = gram_of_code(code_at(folded, at, run_at(folded, at)));
        }
        seen++;
    }
    return count;
}

struct gram gram_of_code(gram_code code) {
    struct gram gram = {0};
    for (; code != 0; code >>= CHARACTER_BITS) {
        UChar32 c = (UChar32)(code & CHARACTER_MASK);
        U8_APPEND_UNSAFE(gram.text, gram.bytes, c);
    }
    return gram;
}
