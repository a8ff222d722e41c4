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
#include <unicode/uscript.h>
#include <unicode/uset.h>
#include <unicode/uspoof.h>
#include <unicode/utf16.h>

#include <stonechat/limits.h>
#include <stonechat/log.h>

#include "fold.h"
#include "utf8.h"

/* UTS #39 section 5.4: no script needs more marks than these upon one letter. */
enum { MARKS_MAX = 4 };

/* Made once, by whoever comes first; only read after that, from any thread. */
static const USpoofChecker *look_alikes;
static const USet *ordinary; /* what UTS #39 recommends for identifiers */

static void start_look_alikes(void) {
    UErrorCode status = U_ZERO_ERROR;
    USpoofChecker *checker = uspoof_open(&status);
    uspoof_setChecks(checker, USPOOF_RESTRICTION_LEVEL | USPOOF_INVISIBLE | USPOOF_MIXED_NUMBERS,
                     &status);
    uspoof_setRestrictionLevel(checker, USPOOF_HIGHLY_RESTRICTIVE);
    ordinary = uspoof_getRecommendedSet(&status);
    if (U_FAILURE(status)) {
        sc_log(SC_LOG_ERROR, "no_unicode_data", "why", u_errorName(status), NULL);
        abort();
    }
    look_alikes = checker;
}

/* A letter that is drawn like one of ASCII although it is in the same script, and that no ordinary
 * spelling needs: phonetic a and g, clicks. Mixing scripts is not how these mislead. */
static bool is_twin_of_ascii(UChar32 c, UErrorCode *status) {
    UScriptCode script = uscript_getScript(c, status);
    if (c < 0x80 || (script != USCRIPT_LATIN && script != USCRIPT_COMMON) ||
        uset_contains(ordinary, c)) {
        return false;
    }
    UChar letter[2];
    UChar drawn[32];
    int32_t units = 0;
    U16_APPEND_UNSAFE(letter, units, c);
    int32_t drawn_units = uspoof_getSkeleton(look_alikes, 0, letter, units, drawn, 32, status);
    return drawn_units == 1 && drawn[0] < 0x80;
}

static bool holds_twin_of_ascii(const char *name, size_t bytes, UErrorCode *status) {
    for (size_t i = 0; i < bytes;) {
        uint32_t c;
        i += utf8_decode(name + i, bytes - i, &c);
        if (is_twin_of_ascii((UChar32)c, status)) {
            return true;
        }
    }
    return false;
}

static bool is_look_alike(const char *name, size_t bytes) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_look_alikes);
    UErrorCode status = U_ZERO_ERROR;
    return uspoof_check2UTF8(look_alikes, name, (int32_t)bytes, NULL, &status) != 0 ||
           holds_twin_of_ascii(name, bytes, &status) || U_FAILURE(status);
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
    bool after_letter = false; /* or its marks, or a digit */
    int marks = 0;
    for (size_t i = 0; i < bytes;) {
        uint32_t decoded;
        i += utf8_decode(name + i, bytes - i, &decoded);
        UChar32 c = (UChar32)decoded;
        marks = is_mark(c) ? marks + 1 : 0;
        bool follows = after_letter && (is_joiner(c) || (is_mark(c) && marks <= MARKS_MAX));
        if (!(is_letter_or_digit(c) || follows) ||
            u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
            return false;
        }
        after_letter = !is_joiner(c);
    }
    return after_letter;
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
    return fault == SC_TEXT_FINE && !is_well_made(name, bytes) ? SC_TEXT_CHARACTERS : fault;
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
    if (fault == SC_TEXT_FINE && is_look_alike(folded, folded_bytes)) {
        fault = SC_TEXT_LOOK_ALIKE;
    }
    if (fault == SC_TEXT_FINE) {
        memcpy(out, folded, folded_bytes + 1);
    }
    free(folded);
    return fault;
}

/* A letter with its marks, or a digit; else what stands between two of them. */
static bool is_part(UChar32 c, bool after_letter) {
    return !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) &&
           (is_letter_or_digit(c) || (is_mark(c) && after_letter));
}

void sc_name_fit(const char *text, size_t bytes, size_t most_chars, char *out) {
    size_t used = 0, chars = 0;
    char joiner = '\0'; /* due before the next letter */
    for (size_t i = 0; i < bytes;) {
        uint32_t decoded;
        size_t more = utf8_decode(text + i, bytes - i, &decoded);
        bool fits = is_part((UChar32)decoded, used > 0 && joiner == '\0');
        size_t due = joiner == '\0' ? 0 : 1;
        if (!fits) {
            joiner = used == 0                                 ? '\0'
                     : is_joiner((UChar32)decoded) && due == 0 ? (char)decoded
                                                               : '-';
        } else if (chars + due + 1 > most_chars || used + due + more > SC_NAME_MAX_BYTES) {
            break;
        } else {
            memcpy(out + used, &joiner, due);
            memcpy(out + used + due, text + i, more);
            used += due + more;
            chars += due + 1;
            joiner = '\0';
        }
        i += more;
    }
    out[used] = '\0';
}
