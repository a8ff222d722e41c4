/*
 * deflate: one zlib stream each way (see deflate.h).
 *
 * The streams come to be when they are first needed and last as long as the process.
 */
#include "deflate.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#define ZLIB_CONST /* zlib doesn't write to what it reads, and says so then */
#include <zlib.h>

#include <stonechat/limits.h>

/* What a sync flush ends with, which is not sent (RFC 7692 section 7.2.1). */
static const unsigned char tail[] = {0x00, 0x00, 0xff, 0xff};

/* A message is 200 bytes, rarely 4 KiB, and each starts anew. So the window needs no more than
 * that, and the table of hashes, which is cleared for each, is small: zlib's own memory level of 8
 * costs a sixth more for a short message, and a level of 6 twice as much for a long one, to save
 * nothing of the short and a tenth of the long. */
enum { LEVEL = 3, MEMORY = 5, UNPACK_WINDOW = 15 };

/* zlib's data_type after inflate(): between two blocks, and the bits left of the last byte. */
enum { BETWEEN_BLOCKS = 128, BITS_LEFT = 63 };

/* Running out of memory ends the process, as everywhere. */
static void must(int result) {
    if (result != Z_OK) {
        abort();
    }
}

/* --- out --- */

static z_stream *packer(void) {
    static z_stream stream;
    static bool ready;
    if (!ready) {
        must(deflateInit2(&stream, LEVEL, Z_DEFLATED, -DEFLATE_WINDOW, MEMORY, Z_DEFAULT_STRATEGY));
        ready = true;
    }
    must(deflateReset(&stream));
    return &stream;
}

/* What is not made smaller by more than the tail is not worth anybody's work. */
size_t deflate_pack(const void *message, size_t bytes, unsigned char *out, size_t room) {
    z_stream *stream = packer();
    stream->next_in = message;
    stream->avail_in = (uInt)bytes;
    stream->next_out = out;
    stream->avail_out = (uInt)room;
    deflate(stream, Z_SYNC_FLUSH);
    bool complete = stream->avail_in == 0 && stream->avail_out > 0;
    return complete ? stream->total_out - sizeof tail : 0;
}

/* --- in --- */

struct unpacking {
    z_stream *stream;
    bool ended; /* a block marked as the last one has just been read */
};

static unsigned char message[SC_CLIENT_FRAME_MAX + 1];

static z_stream *unpacker(void) {
    static z_stream stream;
    static bool ready;
    if (!ready) {
        must(inflateInit2(&stream, -UNPACK_WINDOW));
        ready = true;
    }
    must(inflateReset(&stream));
    stream.next_out = message;
    stream.avail_out = sizeof message;
    return &stream;
}

/* Blocks may follow the last one (RFC 7692 section 7.2.3.4), and refer to what came before it. */
static void go_on_after_the_last_block(z_stream *stream) {
    must(inflateReset(stream));
    if (stream->next_out > message) {
        must(inflateSetDictionary(stream, message, (uInt)(stream->next_out - message)));
    }
}

static enum sc_error feed(struct unpacking *unpacking, const void *bytes, size_t count) {
    z_stream *stream = unpacking->stream;
    stream->next_in = bytes;
    stream->avail_in = (uInt)count;
    while (stream->avail_in > 0) {
        int result = inflate(stream, Z_SYNC_FLUSH);
        if (stream->avail_out == 0) {
            return SC_TOO_LARGE;
        }
        unpacking->ended = result == Z_STREAM_END;
        if (unpacking->ended) {
            go_on_after_the_last_block(stream);
        } else if (result != Z_OK) {
            return SC_BAD_DEFLATE;
        }
    }
    return SC_OK;
}

static bool is_between_blocks(const z_stream *stream) {
    return (stream->data_type & (BETWEEN_BLOCKS | BITS_LEFT)) == BETWEEN_BLOCKS;
}

/* Nothing need follow a last block, though the RFC has a zero byte there, before the tail. */
enum sc_error deflate_unpack(const void *packed, size_t bytes, const unsigned char **message_out,
                             size_t *bytes_out) {
    struct unpacking unpacking = {.stream = unpacker()};
    enum sc_error error = feed(&unpacking, packed, bytes);
    if (error == SC_OK && !unpacking.ended) {
        error = feed(&unpacking, tail, sizeof tail);
        if (error == SC_OK && !is_between_blocks(unpacking.stream)) {
            error = SC_BAD_DEFLATE;
        }
    }
    *message_out = message;
    *bytes_out = (size_t)(unpacking.stream->next_out - message);
    return error;
}
