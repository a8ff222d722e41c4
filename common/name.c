/*
 * name: which names there may be, and the one form under which they are compared
 * (include/stonechat/text.h).
 *
 * Two names that people can't tell apart must not both exist. Folding makes one form of case, width
 * and composition; what folding would silently drop is refused before it; letters of one script
 * that pass for those of another are refused by the rules of UTS #39.
 */
#include <stonechat/text.h>

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uspoof.h>

#include <stonechat/limits.h>
#include <stonechat/log.h>

#include "fold.h"
#include "utf8.h"

/* UTS #39 section 5.4: no script needs more marks than these upon one letter. */
enum { MARKS_MAX = 4 };

/* Made once, by whoever comes first; only read after that, from any thread. */
static const USpoofChecker *look_alikes;

static void start_look_alikes(void) {
    UErrorCode status = U_ZERO_ERROR;
    USpoofChecker *checker = uspoof_open(&status);
    uspoof_setChecks(checker, USPOOF_RESTRICTION_LEVEL | USPOOF_INVISIBLE | USPOOF_MIXED_NUMBERS,
                     &status);
    if (U_FAILURE(status)) {
        sc_log(SC_LOG_ERROR, "no_unicode_data", "why", u_errorName(status), NULL);
        abort();
    }
    uspoof_setRestrictionLevel(checker, USPOOF_HIGHLY_RESTRICTIVE);
    look_alikes = checker;
}

static bool is_look_alike(const char *name, size_t bytes) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_look_alikes);
    UErrorCode status = U_ZERO_ERROR;
    int32_t found = uspoof_check2UTF8(look_alikes, name, (int32_t)bytes, NULL, &status);
    return U_FAILURE(status) || found != 0;
}

static bool is_letter_or_digit(UChar32 c) {
    return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_ND_MASK)) != 0;
}

static bool is_mark(UChar32 c) {
    return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

static bool is_joiner(UChar32 c) {
    return c == '_' || c == '-' || c == '.';
}

/* Letters and digits, a few marks upon one, and single joiners between them. Such a name neither
 * changes the text before it nor takes up the full stop behind it. */
static bool is_well_made(const char *name, size_t bytes) {
    int marks = MARKS_MAX; /* that stand before this place: none may begin a name */
    bool joined = true;
    for (size_t i = 0; i < bytes;) {
        uint32_t decoded;
        i += utf8_decode(name + i, bytes - i, &decoded);
        UChar32 c = (UChar32)decoded;
        if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
            return false;
        }
        if (is_letter_or_digit(c)) {
            marks = 0;
        } else if (is_mark(c)) {
            if (marks++ == MARKS_MAX) {
                return false;
            }
        } else if (!is_joiner(c) || joined) {
            return false;
        } else {
            marks = MARKS_MAX;
        }
        joined = is_joiner(c);
    }
    return !joined;
}

static enum sc_text_fault check_length(const char *name, size_t bytes, size_t least_chars,
                                       size_t most_chars) {
    size_t chars = sc_utf8_length(name, bytes);
    return chars < least_chars                               ? SC_TEXT_SHORT
           : chars > most_chars || bytes > SC_NAME_MAX_BYTES ? SC_TEXT_LONG
                                                             : SC_TEXT_FINE;
}

/* What holds of a name as given and of its folded form alike. */
static enum sc_text_fault check_form(const char *name, size_t bytes, size_t least_chars,
                                     size_t most_chars) {
    enum sc_text_fault fault = check_length(name, bytes, least_chars, most_chars);
    if (fault == SC_TEXT_FINE && !is_well_made(name, bytes)) {
        fault = SC_TEXT_CHARACTERS;
    }
    if (fault == SC_TEXT_FINE && is_look_alike(name, bytes)) {
        fault = SC_TEXT_LOOK_ALIKE;
    }
    return fault;
}

enum sc_text_fault sc_name_fold(const char *name, size_t bytes, size_t least_chars,
                                size_t most_chars, char *out) {
    if (!sc_utf8_valid(name, bytes)) {
        return SC_TEXT_UTF8;
    }
    enum sc_text_fault fault = check_form(name, bytes, least_chars, most_chars);
    if (fault != SC_TEXT_FINE) {
        return fault;
    }
    size_t folded_bytes = 0;
    char *folded = fold_new(name, bytes, &folded_bytes);
    fault = check_form(folded, folded_bytes, least_chars, most_chars);
    if (fault == SC_TEXT_FINE) {
        memcpy(out, folded, folded_bytes + 1);
    }
    free(folded);
    return fault;
}
