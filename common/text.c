/*
 * text: what may stand in a message, a title, a topic or a password (include/stonechat/text.h).
 *
 * Lengths first, for they are cheap; then each character, by the rules of the text's shape. What
 * the characters are is asked of ICU. Names have rules of their own: name.c.
 */
#include <stonechat/text.h>

#include <unicode/uchar.h>

#include "utf8.h"

static const struct {
    const char *code;
    const char *sentence;
} faults[SC_TEXT_FAULT_COUNT] = {
#define X(name, code, sentence) [SC_TEXT_##name] = {code, sentence},
    SC_TEXT_FAULTS(X)
#undef X
};

const char *sc_text_fault_code(enum sc_text_fault fault) {
    return faults[fault].code;
}

const char *sc_text_fault_sentence(enum sc_text_fault fault) {
    return faults[fault].sentence;
}

/* Characters that end a line, move the cursor, or turn the text behind them around. */
static bool fits_line(UChar32 c) {
    uint32_t refused = U_GC_CC_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK;
    bool turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return (U_GET_GC_MASK(c) & refused) == 0 && !turns;
}

static bool fits_prose(UChar32 c) {
    return c == '\t' || c == '\n' || c == '\r' || u_charType(c) != U_CONTROL_CHAR;
}

static bool fits_secret(UChar32 c) {
    (void)c;
    return true;
}

static const struct shape {
    bool (*fits)(UChar32 c);
    bool may_be_blank;
} shapes[] = {
    [SC_TEXT_LINE] = {fits_line, false},    [SC_TEXT_PROSE] = {fits_prose, false},
    [SC_TEXT_MAYBE] = {fits_line, true},    [SC_TEXT_ASIDE] = {fits_prose, true},
    [SC_TEXT_SECRET] = {fits_secret, true},
};

static bool shows(UChar32 c) {
    return !u_isUWhiteSpace(c) && !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

static enum sc_text_fault check_characters(const struct shape *shape, const char *text,
                                           size_t bytes) {
    bool blank = true;
    for (size_t i = 0; i < bytes;) {
        uint32_t c;
        i += utf8_decode(text + i, bytes - i, &c);
        if (!shape->fits((UChar32)c)) {
            return SC_TEXT_CHARACTERS;
        }
        blank = blank && !shows((UChar32)c);
    }
    return blank && !shape->may_be_blank ? SC_TEXT_BLANK : SC_TEXT_FINE;
}

enum sc_text_fault sc_text_check(enum sc_text_shape shape, const char *text, size_t bytes,
                                 size_t least_chars, size_t most_chars, size_t most_bytes) {
    if (!sc_utf8_valid(text, bytes)) {
        return SC_TEXT_UTF8;
    }
    size_t chars = sc_utf8_length(text, bytes);
    if (chars < least_chars) {
        return SC_TEXT_SHORT;
    }
    if (chars > most_chars || (most_bytes > 0 && bytes > most_bytes)) {
        return SC_TEXT_LONG;
    }
    return check_characters(&shapes[shape], text, bytes);
}
