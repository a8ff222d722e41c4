/*
 * masked: frames as a client sends them.
 */
#ifndef MASKED_H
#define MASKED_H

#include <string.h>

#include "ws_frame.h"

/* Writes a masked frame to `out`; `first` is its first byte (0x81: the whole of a text). Returns
 * its length. */
static inline size_t masked_frame(unsigned char *out, unsigned first, const void *payload,
                                  size_t bytes) {
    static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    size_t head = ws_head_write(out, (enum ws_opcode)(first & 0x0f), bytes);
    out[0] = (unsigned char)first;
    out[1] |= 0x80;
    memcpy(out + head, mask, sizeof mask);
    if (bytes > 0) {
        memcpy(out + head + sizeof mask, payload, bytes);
    }
    ws_unmask(out + head + sizeof mask, bytes, mask);
    return head + sizeof mask + bytes;
}

#endif
