/*
 * emoji: the one form of a sequence, and whether it is one (include/stonechat/emoji.h).
 *
 * A sequence is fully qualified when U+FE0F follows each of its characters that by itself would be
 * drawn as text, but for those that a skin tone follows (UTS #51 ED-18). So the selectors are taken
 * out and put in again, and ICU judges the result. Used by the handler of reactions.
 */
#include <stonechat/emoji.h>

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include <stonechat/text.h>

enum { SELECTOR = 0xFE0F, UNITS_MAX = 2 * SC_EMOJI_MAX + 1 };

static bool is_drawn_as_text(UChar32 c) {
    return u_hasBinaryProperty(c, UCHAR_EMOJI) && !u_hasBinaryProperty(c, UCHAR_EMOJI_PRESENTATION);
}

/* The next character of `text` that is no selector; 0 at its end. */
static UChar32 next(const UChar *text, int32_t units, int32_t *at) {
    UChar32 c = 0;
    do {
        if (*at == units) {
            return 0;
        }
        U16_NEXT(text, *at, units, c);
    } while (c == SELECTOR);
    return c;
}

static int32_t qualify(const UChar *text, int32_t units, UChar *out) {
    int32_t at = 0, used = 0;
    UChar32 c = next(text, units, &at);
    while (c != 0) {
        UChar32 after = next(text, units, &at);
        U16_APPEND_UNSAFE(out, used, c);
        if (is_drawn_as_text(c) && !u_hasBinaryProperty(after, UCHAR_EMOJI_MODIFIER)) {
            out[used++] = SELECTOR;
        }
        c = after;
    }
    return used;
}

bool sc_emoji_normalize(const char *text, size_t bytes, char out[SC_EMOJI_MAX + 1]) {
    UChar wide[SC_EMOJI_MAX + 1], full[UNITS_MAX];
    int32_t units = 0, out_bytes = 0;
    UErrorCode status = U_ZERO_ERROR;
    if (bytes > SC_EMOJI_MAX || memchr(text, '\0', bytes) || !sc_utf8_valid(text, bytes)) {
        return false;
    }
    u_strFromUTF8(wide, SC_EMOJI_MAX + 1, &units, text, (int32_t)bytes, &status);
    units = qualify(wide, units, full);
    if (!u_stringHasBinaryProperty(full, units, UCHAR_RGI_EMOJI)) {
        return false;
    }
    u_strToUTF8(out, SC_EMOJI_MAX + 1, &out_bytes, full, units, &status);
    return U_SUCCESS(status) && out_bytes <= SC_EMOJI_MAX;
}
