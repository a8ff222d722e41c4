/*
 * folded: makes the form in which texts are searched, piece by piece (see folded.h).
 *
 * ICU folds whole texts and does not tell what became of which character. But it does tell before
 * which characters a text may be cut without the outcome being another: so it is given the shortest
 * such pieces, and all that comes of a piece comes from all of it. Most characters need no ICU at
 * all. Knows nothing of what is sought.
 */
#include "folded.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>

/* Owned by ICU and only ever read, from any thread. */
static const UNormalizer2 *folder;

static void start_folder(void) {
    UErrorCode status = U_ZERO_ERROR;
    folder = unorm2_getNFKCCasefoldInstance(&status);
    if (U_FAILURE(status)) {
        sc_log(SC_LOG_ERROR, "no_unicode_data", "why", u_errorName(status), NULL);
        abort();
    }
}

/* A text that is walked: the character at hand, and the one behind it. */
struct walk {
    const char *text;
    int32_t bytes;
    int32_t at;     /* where the character behind begins */
    uint32_t count; /* characters before the one at hand */
    UChar32 here;   /* -1: the end */
    UChar32 behind;
};

static UChar32 take(struct walk *walk) {
    UChar32 c = -1;
    if (walk->at < walk->bytes) {
        U8_NEXT_UNSAFE(walk->text, walk->at, c);
    }
    return c;
}

static void step(struct walk *walk) {
    walk->here = walk->behind;
    walk->behind = take(walk);
    walk->count++;
}

static struct walk begin(const char *text, size_t bytes) {
    struct walk walk = {.text = text, .bytes = (int32_t)bytes};
    walk.here = take(&walk);
    walk.behind = take(&walk);
    return walk;
}

static void append(struct folded *folded, UChar32 c, uint32_t from, uint32_t to) {
    bool space = u_isUWhiteSpace(c);
    struct folded_character *last = folded->count ? &folded->characters[folded->count - 1] : NULL;
    if (space && last && last->character == ' ') {
        last->to = to;
        return;
    }
    if (folded->count == folded->room) {
        folded->room = folded->room * 2 + 64;
        folded->characters =
            sc_xrealloc(folded->characters, folded->room * sizeof *folded->characters);
    }
    folded->characters[folded->count++] =
        (struct folded_character){space ? ' ' : (uint32_t)c, from, to};
}

static bool is_ascii(UChar32 c) {
    return c >= 0 && c < 0x80;
}

/* Whether nothing that follows can change what comes of the text so far. */
static bool may_be_cut_before(UChar32 c) {
    return c < 0x80 || unorm2_hasBoundaryBefore(folder, c);
}

/* What is not seen goes with what it stands behind: a heart with the sign that colours it. */
static void append_nothing(struct folded *folded, uint32_t to) {
    if (folded->count > 0) {
        folded->characters[folded->count - 1].to = to;
    }
}

/* What a piece folds to: one character may become 18, or none. */
static void append_piece(struct folded *folded, const UChar *piece, int32_t units, uint32_t from,
                         uint32_t to) {
    UErrorCode status = U_ZERO_ERROR;
    UChar few[64];
    UChar *out = few;
    int32_t got = unorm2_normalize(folder, piece, units, few, 64, &status);
    if (status == U_BUFFER_OVERFLOW_ERROR) {
        status = U_ZERO_ERROR;
        out = sc_xmalloc((size_t)got * sizeof *out);
        got = unorm2_normalize(folder, piece, units, out, got, &status);
    }
    if (got == 0) {
        append_nothing(folded, to);
    }
    for (int32_t i = 0; i < got;) {
        UChar32 c;
        U16_NEXT(out, i, got, c);
        append(folded, c, from, to);
    }
    if (out != few) {
        free(out);
    }
}

/* From the character at hand up to the next before which the text may be cut. */
static void fold_piece(struct folded *folded, struct walk *walk) {
    UChar few[32];
    UChar *piece = few;
    size_t room = 32;
    int32_t units = 0;
    uint32_t from = walk->count;
    do {
        if ((size_t)units + 2 > room) {
            UChar *more = sc_xmalloc(2 * room * sizeof *more);
            memcpy(more, piece, (size_t)units * sizeof *more);
            if (piece != few) {
                free(piece);
            }
            piece = more;
            room *= 2;
        }
        U16_APPEND_UNSAFE(piece, units, walk->here);
        step(walk);
    } while (!may_be_cut_before(walk->here));
    append_piece(folded, piece, units, from, walk->count);
    if (piece != few) {
        free(piece);
    }
}

void folded_init(struct folded *folded, const char *text, size_t bytes) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_folder);
    *folded = (struct folded){.room = bytes + 1};
    folded->characters = sc_xmalloc(folded->room * sizeof *folded->characters);
    struct walk walk = begin(text, bytes);
    while (walk.here >= 0) {
        UChar32 c = walk.here;
        if (is_ascii(c) && walk.behind < 0x80) {
            append(folded, c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c, walk.count, walk.count + 1);
            step(&walk);
        } else if (unorm2_isInert(folder, c)) {
            append(folded, c, walk.count, walk.count + 1);
            step(&walk);
        } else {
            fold_piece(folded, &walk);
        }
    }
}

void folded_deinit(struct folded *folded) {
    free(folded->characters);
    *folded = (struct folded){0};
}

void folded_trim(struct folded *folded) {
    struct folded_character *characters = folded->characters;
    if (folded->count > 0 && characters[folded->count - 1].character == ' ') {
        folded->count--;
    }
    if (folded->count > 0 && characters[0].character == ' ') {
        memmove(characters, characters + 1, --folded->count * sizeof *characters);
    }
}
