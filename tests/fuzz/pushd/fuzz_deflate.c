/*
 * deflate: what a client has packed, and what we pack.
 *
 * Whatever is unpacked is no longer than a client's message may be, and the same twice; any bytes
 * at all come back from being packed.
 */
#include "fuzz.h"

#include <stonechat/limits.h>

#include "deflate.h"

static void unpack_twice(const uint8_t *data, size_t size) {
    const unsigned char *message;
    size_t bytes, again_bytes;
    enum sc_error error = deflate_unpack(data, size, &message, &bytes);
    demand(error == SC_OK || error == SC_TOO_LARGE || error == SC_BAD_DEFLATE);
    demand(error != SC_OK || bytes <= SC_CLIENT_FRAME_MAX);
    if (error == SC_OK) {
        unsigned char *first = malloc(bytes + 1);
        memcpy(first, message, bytes);
        demand(deflate_unpack(data, size, &message, &again_bytes) == SC_OK);
        demand(again_bytes == bytes && memcmp(first, message, bytes) == 0);
        free(first);
    }
}

static void pack_and_unpack(const uint8_t *data, size_t size) {
    size_t room = size + size / 100 + 64;
    unsigned char *packed = malloc(room);
    size_t packed_bytes = deflate_pack(data, size, packed, room);
    const unsigned char *message;
    size_t bytes;
    demand(packed_bytes > 0);
    demand(deflate_unpack(packed, packed_bytes, &message, &bytes) == SC_OK);
    demand(bytes == size && memcmp(message, data, size) == 0);
    free(packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > SC_CLIENT_FRAME_MAX) {
        return -1;
    }
    unpack_twice(data, size);
    pack_and_unpack(data, size);
    return 0;
}
