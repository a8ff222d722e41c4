/*
 * mention: from a text to names that may be meant (include/stonechat/mention.h).
 *
 * The characters of a name are those that common's name.c lets in. What stands before the @ decides
 * first: after a letter or digit of a script with spaces it belongs to an e-mail address.
 */
#include <stonechat/mention.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <stonechat/limits.h>
#include <stonechat/memory.h>
#include <stonechat/text.h>

#include "utf8.h"

enum { AT = '@', AT_WIDE = 0xFF20 };

static bool is_letter(UChar32 c) {
    return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_ND_MASK)) != 0;
}

static bool is_mark(UChar32 c) {
    return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

static bool is_joiner(UChar32 c) {
    return c == '_' || c == '-' || c == '.';
}

static bool is_of_name(UChar32 c) {
    return is_letter(c) || is_mark(c) || is_joiner(c);
}

/* Of a script that puts no space, or more than a word, between two spaces. */
static bool is_unspaced(UChar32 c) {
    static const UScriptCode scripts[] = {USCRIPT_HAN,    USCRIPT_HIRAGANA, USCRIPT_KATAKANA,
                                          USCRIPT_HANGUL, USCRIPT_BOPOMOFO, USCRIPT_THAI,
                                          USCRIPT_LAO,    USCRIPT_KHMER,    USCRIPT_MYANMAR};
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &status);
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        if (scripts[i] == script) {
            return true;
        }
    }
    return false;
}

/* The character at `*at`, which moves behind it; 0 at the end. */
static UChar32 take(const char *text, size_t bytes, size_t *at) {
    uint32_t c = 0;
    if (*at < bytes) {
        *at += utf8_decode(text + *at, bytes - *at, &c);
    }
    return (UChar32)c;
}

/* Whether an @ after this character (0: at the beginning) can mention anybody. */
static bool may_begin(UChar32 before) {
    bool in_address = is_of_name(before) || before == '/' || before == '+' || before == '%';
    return !in_address || is_unspaced(before);
}

/* Whether a name can end between these two; `after` is 0 at the text's end. */
static bool may_end(UChar32 last, UChar32 after) {
    if (is_joiner(last) || is_mark(after)) {
        return false;
    }
    return !is_letter(after) || is_unspaced(last) || is_unspaced(after);
}

static bool is_known(const struct sc_mention_scan *scan, const char *name, unsigned place) {
    for (size_t i = 0; i < scan->count; i++) {
        if (scan->places[i] == place && strcmp(scan->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void add(struct sc_mention_scan *scan, const char *name, size_t bytes, unsigned place) {
    char folded[SC_NAME_MAX_BYTES + 1];
    sc_text_fold(name, bytes, folded, sizeof folded);
    if (scan->count < SC_MENTION_NAMES_MAX && !is_known(scan, folded, place)) {
        scan->places[scan->count] = place;
        scan->names[scan->count++] = sc_xstrdup(folded);
    }
}

/* All the names that may begin at `from`; the ends come shortest first. */
static void add_names(struct sc_mention_scan *scan, const char *text, size_t bytes, size_t from,
                      size_t least, size_t most, unsigned place) {
    size_t ends[SC_NAME_MAX_BYTES], ends_count = 0, chars = 0;
    const size_t ends_most = sizeof ends / sizeof *ends;
    size_t at = from;
    UChar32 last = 0;
    while (chars <= most && ends_count < ends_most) {
        size_t end = at;
        UChar32 c = take(text, bytes, &at);
        if (chars >= least && may_end(last, c)) {
            ends[ends_count++] = end;
        }
        if (!is_of_name(c)) {
            break;
        }
        last = c;
        chars++;
    }
    while (ends_count > 0) {
        add(scan, text + from, ends[--ends_count] - from, place);
    }
}

void sc_mention_scan_init(struct sc_mention_scan *scan, const char *text, size_t bytes,
                          size_t least, size_t most) {
    scan->count = 0;
    unsigned place = 0;
    UChar32 before = 0;
    for (size_t at = 0; at < bytes && scan->count < SC_MENTION_NAMES_MAX;) {
        UChar32 c = take(text, bytes, &at);
        if ((c == AT || c == AT_WIDE) && may_begin(before)) {
            add_names(scan, text, bytes, at, least, most, place++);
        }
        before = c;
    }
}

void sc_mention_scan_deinit(struct sc_mention_scan *scan) {
    while (scan->count > 0) {
        free(scan->names[--scan->count]);
    }
}
