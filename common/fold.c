/*
 * fold: makes one form of case, width and composition, or of composition alone
 * (include/stonechat/text.h, fold.h).
 *
 * ICU folds UTF-16, so the text goes there and back. Folding also drops what is not seen; whether
 * that was allowed to be there in the first place is for name.c to say.
 */
#include "fold.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>
#include <stonechat/text.h>

/* Owned by ICU and only ever read, from any thread. */
static const UNormalizer2 *folder, *composer;

static void start_folder(void) {
    UErrorCode status = U_ZERO_ERROR;
    folder = unorm2_getNFKCCasefoldInstance(&status);
    composer = unorm2_getNFCInstance(&status);
    if (U_FAILURE(status)) {
        sc_log(SC_LOG_ERROR, "no_unicode_data", "why", u_errorName(status), NULL);
        abort();
    }
}

static UChar *widen(const char *text, size_t bytes, int32_t *units_out) {
    UErrorCode status = U_ZERO_ERROR;
    UChar *wide = sc_xmalloc((bytes + 1) * sizeof *wide);
    u_strFromUTF8(wide, (int32_t)bytes + 1, units_out, text, (int32_t)bytes, &status);
    return wide;
}

static char *narrow(const UChar *wide, int32_t units, size_t *bytes_out) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t size = units * 3 + 1; /* a unit of UTF-16 takes three bytes of UTF-8 at most */
    int32_t bytes = 0;
    char *text = sc_xmalloc((size_t)size);
    u_strToUTF8(text, size, &bytes, wide, units, &status);
    *bytes_out = (size_t)bytes;
    return text;
}

/* Most text folds to its own length; what grows (one character may become 18) is done again. */
static UChar *normalize(const UNormalizer2 *form, const UChar *wide, int32_t units,
                        int32_t *units_out) {
    int32_t size = units;
    UChar *folded = NULL;
    UErrorCode status;
    do {
        status = U_ZERO_ERROR;
        size += 16;
        folded = sc_xrealloc(folded, (size_t)size * sizeof *folded);
        *units_out = unorm2_normalize(form, wide, units, folded, size, &status);
        size = *units_out;
    } while (status == U_BUFFER_OVERFLOW_ERROR);
    return folded;
}

static char *form_new(const UNormalizer2 *const *form, const char *text, size_t bytes,
                      size_t *bytes_out) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_folder);
    int32_t units = 0;
    int32_t folded_units = 0;
    UChar *wide = widen(text, bytes, &units);
    UChar *folded = normalize(*form, wide, units, &folded_units);
    char *narrowed = narrow(folded, folded_units, bytes_out);
    free(folded);
    free(wide);
    return narrowed;
}

char *fold_new(const char *text, size_t bytes, size_t *bytes_out) {
    return form_new(&folder, text, bytes, bytes_out);
}

/* The most of `text` that fits `room` without its last character broken. */
static size_t whole_characters(const char *text, size_t bytes, size_t room) {
    if (bytes <= room) {
        return bytes;
    }
    while (room > 0 && ((unsigned char)text[room] & 0xC0) == 0x80) {
        room--;
    }
    return room;
}

static void put(char *taken, size_t bytes, char *out, size_t size) {
    size_t fitting = whole_characters(taken, bytes, size - 1);
    memcpy(out, taken, fitting);
    out[fitting] = '\0';
    free(taken);
}

void sc_text_fold(const char *text, size_t bytes, char *out, size_t size) {
    size_t folded_bytes = 0;
    char *folded = fold_new(text, bytes, &folded_bytes);
    put(folded, folded_bytes, out, size);
}

void sc_text_compose(const char *text, size_t bytes, char *out, size_t size) {
    size_t composed_bytes = 0;
    char *composed = form_new(&composer, text, bytes, &composed_bytes);
    put(composed, composed_bytes, out, size);
}
