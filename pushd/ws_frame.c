/*
 * ws_frame: the head of a WebSocket frame (see ws_frame.h).
 */
#include "ws_frame.h"

#include <string.h>

enum { FIN = 0x80, RESERVED = 0x70, OPCODE = 0x0f, MASKED = 0x80, LENGTH = 0x7f };

static bool opcode_is_known(unsigned opcode) {
    return opcode <= WS_BINARY || (opcode >= WS_CLOSE && opcode <= WS_PONG);
}

static uint64_t big_endian(const unsigned char *bytes, size_t count) {
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

/* How many bytes hold the length when its first seven bits don't. */
static size_t extended_bytes(unsigned length) {
    return length == 126 ? 2 : length == 127 ? 8 : 0;
}

/* A message says with its first frame that it is deflated, and with no other. */
static unsigned reserved_bits(unsigned opcode, bool may_deflate) {
    bool begins_message = opcode == WS_TEXT || opcode == WS_BINARY;
    return may_deflate && begins_message ? RESERVED & ~WS_DEFLATED : RESERVED;
}

static bool first_bytes_are_legal(const unsigned char *bytes, size_t count, bool may_deflate) {
    unsigned opcode = bytes[0] & OPCODE;
    bool control = (opcode & 0x8) != 0;
    if ((bytes[0] & reserved_bits(opcode, may_deflate)) != 0 || !opcode_is_known(opcode) ||
        (control && !(bytes[0] & FIN))) {
        return false;
    }
    return count < 2 ||
           ((bytes[1] & MASKED) != 0 && !(control && (bytes[1] & LENGTH) > WS_CONTROL_MAX));
}

static bool length_is_shortest(uint64_t length, size_t extended) {
    return extended == 0 || (extended == 2 && length > WS_CONTROL_MAX) ||
           (extended == 8 && length > UINT16_MAX && length <= INT64_MAX);
}

enum sc_error ws_head_read(const unsigned char *bytes, size_t count, bool may_deflate,
                           struct ws_head *out) {
    out->bytes = 0;
    if (count == 0) {
        return SC_OK;
    }
    if (!first_bytes_are_legal(bytes, count, may_deflate)) {
        return SC_PROTOCOL_ERROR;
    }
    if (count < 2) {
        return SC_OK;
    }
    size_t extended = extended_bytes(bytes[1] & LENGTH);
    if (count < 2 + extended) {
        return SC_OK;
    }
    out->payload = extended == 0 ? bytes[1] & LENGTH : big_endian(bytes + 2, extended);
    if (!length_is_shortest(out->payload, extended)) {
        return SC_PROTOCOL_ERROR;
    }
    if (count < 2 + extended + sizeof out->mask) {
        return SC_OK;
    }
    out->opcode = bytes[0] & OPCODE;
    out->fin = (bytes[0] & FIN) != 0;
    out->deflated = (bytes[0] & WS_DEFLATED) != 0;
    memcpy(out->mask, bytes + 2 + extended, sizeof out->mask);
    out->bytes = 2 + extended + sizeof out->mask;
    return SC_OK;
}

size_t ws_head_write(unsigned char out[WS_HEAD_MAX], enum ws_opcode opcode, uint64_t payload) {
    size_t extended = payload <= WS_CONTROL_MAX ? 0 : payload <= UINT16_MAX ? 2 : 8;
    out[0] = (unsigned char)(FIN | opcode);
    out[1] = (unsigned char)(extended == 0 ? payload : extended == 2 ? 126 : 127);
    for (size_t i = 0; i < extended; i++) {
        out[2 + i] = (unsigned char)(payload >> 8 * (extended - 1 - i));
    }
    return 2 + extended;
}

size_t ws_own_head(const unsigned char *head, uint64_t *payload_out) {
    size_t extended = extended_bytes(head[1]);
    *payload_out = extended == 0 ? head[1] : big_endian(head + 2, extended);
    return 2 + extended;
}

void ws_unmask(unsigned char *payload, size_t count, const unsigned char mask[4]) {
    for (size_t i = 0; i < count; i++) {
        payload[i] ^= mask[i % 4];
    }
}

bool ws_close_code_is_legal(unsigned code) {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}
