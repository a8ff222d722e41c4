/*
 * needle: what is found in a text, and where.
 *
 * The first byte says how much of the rest is sought in what is left. Folding piece by piece comes
 * to what folding the whole does; a find lies within the text, behind the one before it; and the
 * index would have told of it: every gram that is sought is one of the text's.
 */
#include "fuzz.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <stonechat/text.h>

#include "needle.h"

enum { RANGES_MAX = 16 };

/* The whole at once, as names are folded, with each run of white space made one. */
static void compare_with_whole(const struct folded *folded, const char *text, size_t bytes) {
    size_t size = bytes * 18 + 1;
    char *whole = malloc(size);
    sc_text_fold(text, bytes, whole, size);
    int32_t length = (int32_t)strlen(whole);
    uint32_t last = 0;
    size_t at = 0;
    for (int32_t i = 0; i < length;) {
        UChar32 c;
        U8_NEXT_UNSAFE(whole, i, c);
        c = u_isUWhiteSpace(c) ? ' ' : c;
        if (c == ' ' && last == ' ' && at > 0) {
            continue;
        }
        demand(at < folded->count && folded->characters[at].character == (uint32_t)c);
        last = (uint32_t)c;
        at++;
    }
    demand(at == folded->count);
    free(whole);
}

struct sought {
    const struct gram *grams;
    size_t count;
    bool seen[NEEDLE_GRAMS_MAX];
};

static void tick(void *context, gram_code code) {
    struct sought *sought = context;
    struct gram gram = gram_of_code(code);
    for (size_t i = 0; i < sought->count; i++) {
        sought->seen[i] |= gram.bytes == sought->grams[i].bytes &&
                           memcmp(gram.text, sought->grams[i].text, gram.bytes) == 0;
    }
}

static void find(const struct needle *needle, const char *text, size_t bytes) {
    struct folded folded;
    struct needle_range ranges[RANGES_MAX];
    struct sought sought = {needle->grams, needle->grams_count, {false}};
    folded_init(&folded, text, bytes);
    compare_with_whole(&folded, text, bytes);
    gram_each(&folded, tick, &sought);
    size_t count = needle_find(needle, text, bytes, ranges, RANGES_MAX);
    demand(count <= RANGES_MAX);
    uint32_t end = 0;
    for (size_t i = 0; i < count; i++) {
        demand(ranges[i].from >= end && ranges[i].from < ranges[i].to);
        end = ranges[i].to;
    }
    demand(end <= sc_utf8_length(text, bytes));
    for (size_t i = 0; count > 0 && i < sought.count; i++) {
        demand(sought.seen[i]);
    }
    folded_deinit(&folded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    size_t sought = size > 0 ? data[0] % size : 0;
    const char *text = (const char *)data + 1;
    /* A NUL is refused long before this. */
    if (size < 3 || sought == 0 || memchr(text, '\0', size - 1) || !sc_utf8_valid(text, sought) ||
        !sc_utf8_valid(text + sought, size - 1 - sought)) {
        return 0;
    }
    struct needle needle;
    if (needle_init(&needle, text, sought)) {
        find(&needle, text + sought, size - 1 - sought);
        find(&needle, text, size - 1);
    }
    needle_deinit(&needle);
    return 0;
}
