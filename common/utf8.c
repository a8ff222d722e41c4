/*
 * utf8: validation, in one piece or in many, and counting (include/stonechat/text.h).
 *
 * The validator is the table of RFC 3629 section 4: the first byte of a character says how many
 * follow and in which range the next one must be; all after that are 80..BF. Three bytes of state
 * are all that a connection has to keep between two pieces of a message. Whoever shows text or
 * compares names works on what has passed here.
 */
#include "utf8.h"

#include <string.h>

#include <stonechat/text.h>

/* By first byte, from C0: bytes to follow (0: no character begins so), range of the next one. */
static const struct sc_utf8 leads[64] = {
    [0x02 ... 0x1F] = {1, 0x80, 0xBF}, /* C2..DF; C0 and C1 would be overlong */
    [0x20 ... 0x20] = {2, 0xA0, 0xBF}, /* E0; below A0: overlong */
    [0x21 ... 0x2C] = {2, 0x80, 0xBF}, /* E1..EC */
    [0x2D ... 0x2D] = {2, 0x80, 0x9F}, /* ED; above 9F: surrogates */
    [0x2E ... 0x2F] = {2, 0x80, 0xBF}, /* EE, EF */
    [0x30 ... 0x30] = {3, 0x90, 0xBF}, /* F0; below 90: overlong */
    [0x31 ... 0x33] = {3, 0x80, 0xBF}, /* F1..F3 */
    [0x34 ... 0x34] = {3, 0x80, 0x8F}, /* F4; above 8F: beyond U+10FFFF */
};

void sc_utf8_init(struct sc_utf8 *utf8) {
    *utf8 = (struct sc_utf8){0, 0, 0};
}

/* How many bytes of `piece` are ASCII before the first word of eight that is not. */
static size_t ascii_words(const char *piece, size_t bytes) {
    size_t i = 0;
    uint64_t word;
    for (; bytes - i >= sizeof word; i += sizeof word) {
        memcpy(&word, piece + i, sizeof word);
        if ((word & UINT64_C(0x8080808080808080)) != 0) {
            break;
        }
    }
    return i;
}

static bool step(struct sc_utf8 *utf8, unsigned char byte) {
    if (utf8->more > 0) {
        bool legal = byte >= utf8->least && byte <= utf8->most;
        *utf8 = (struct sc_utf8){(unsigned char)(utf8->more - 1), 0x80, 0xBF};
        return legal;
    }
    if (byte < 0x80) {
        return true;
    }
    if (byte < 0xC0) {
        return false;
    }
    *utf8 = leads[byte - 0xC0];
    return utf8->more > 0;
}

bool sc_utf8_push(struct sc_utf8 *utf8, const char *piece, size_t bytes) {
    size_t i = 0;
    while (i < bytes) {
        if (utf8->more == 0) {
            i += ascii_words(piece + i, bytes - i);
            if (i == bytes) {
                break;
            }
        }
        if (!step(utf8, (unsigned char)piece[i++])) {
            return false;
        }
    }
    return true;
}

bool sc_utf8_complete(const struct sc_utf8 *utf8) {
    return utf8->more == 0;
}

bool sc_utf8_valid(const char *text, size_t bytes) {
    struct sc_utf8 utf8;
    sc_utf8_init(&utf8);
    return sc_utf8_push(&utf8, text, bytes) && sc_utf8_complete(&utf8);
}

size_t sc_utf8_length(const char *text, size_t bytes) {
    size_t characters = 0;
    for (size_t i = 0; i < bytes; i++) {
        characters += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    return characters;
}

size_t utf8_decode(const char *text, size_t bytes, uint32_t *character_out) {
    unsigned char first = (unsigned char)text[0];
    struct sc_utf8 utf8;
    sc_utf8_init(&utf8);
    if (!step(&utf8, first)) {
        return 0;
    }
    size_t taken = 1;
    /* What remains of the first byte: 7 bits alone, else one less than the bytes leave. */
    uint32_t character = utf8.more == 0 ? first : first & (0x3FU >> utf8.more);
    while (utf8.more > 0) {
        if (taken == bytes || !step(&utf8, (unsigned char)text[taken])) {
            return 0;
        }
        character = character << 6 | ((unsigned char)text[taken++] & 0x3F);
    }
    *character_out = character;
    return taken;
}
