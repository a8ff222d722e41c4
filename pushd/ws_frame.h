/*
 * ws_frame: the head of a WebSocket frame (RFC 6455 section 5.2), and nothing else.
 *
 * Pure: bytes in, bytes out. Strict on what a client may send: masked, no reserved bits or opcodes
 * (but RSV1, where that was agreed upon), control frames whole and short, lengths in their shortest
 * form and below 2^63.
 */
#ifndef PUSHD_WS_FRAME_H
#define PUSHD_WS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/error.h>

/* Opcodes, RFC 6455 section 11.8. */
enum ws_opcode {
    WS_CONTINUATION = 0x0,
    WS_TEXT = 0x1,
    WS_BINARY = 0x2,
    WS_CLOSE = 0x8,
    WS_PING = 0x9,
    WS_PONG = 0xa
};

enum { WS_HEAD_MAX = 14, WS_CONTROL_MAX = 125 };

/* RSV1 in the first byte of a head: the message is deflated (RFC 7692 section 6). */
enum { WS_DEFLATED = 0x40 };

struct ws_head {
    size_t bytes; /* of the head itself; 0: more bytes are needed to tell */
    enum ws_opcode opcode;
    bool fin;
    bool deflated;    /* RSV1 */
    uint64_t payload; /* bytes that follow the head */
    unsigned char mask[4];
};

static inline bool ws_is_control(enum ws_opcode opcode) {
    return opcode >= WS_CLOSE;
}

/* Reads a head that a client sent, who may deflate the messages that begin with it, or may not.
 * SC_OK (with `bytes` 0 when it isn't all there), or SC_PROTOCOL_ERROR as soon as what is there
 * can't become legal any more. */
enum sc_error ws_head_read(const unsigned char *bytes, size_t count, bool may_deflate,
                           struct ws_head *out);

/* Writes the head of a whole, unmasked frame into `out`; returns its length. */
size_t ws_head_write(unsigned char out[WS_HEAD_MAX], enum ws_opcode opcode, uint64_t payload);

/* The length of a head that ws_head_write wrote, and that of the payload after it. */
size_t ws_own_head(const unsigned char *head, uint64_t *payload_out);

/* Undoes (or does) the masking in place (RFC 6455 section 5.3). */
void ws_unmask(unsigned char *payload, size_t count, const unsigned char mask[4]);

/* Whether a peer may send this code in a Close frame (RFC 6455 section 7.4). */
bool ws_close_code_is_legal(unsigned code);

#endif
