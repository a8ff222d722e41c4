/*
 * sse: whatever stands in frames of ours, written as events.
 *
 * The input is payloads, a byte of length and opcode before each. Whole or cut into several pieces
 * the text is the same, and read as an EventSource does it is as many events as there were frames
 * of text or Close; no payload reaches beyond its line.
 */
#include "fuzz.h"

#include "frame.h"
#include "sse.h"

enum { WIRE_MAX = 1 << 16 };

static unsigned char wire[WIRE_MAX];
static size_t ends[WIRE_MAX];

/* Text frames, pings and Closes out of the input; returns how many bytes, and counts. */
static size_t make_wire(const uint8_t *data, size_t size, size_t *frames_out, size_t *events_out) {
    static const enum ws_opcode opcodes[] = {WS_TEXT, WS_TEXT, WS_PING, WS_CLOSE};
    size_t count = 0;
    *frames_out = *events_out = 0;
    for (size_t at = 0; at < size;) {
        enum ws_opcode opcode = opcodes[data[at] & 3];
        size_t bytes = data[at++] >> 2;
        bytes = bytes < size - at ? bytes : size - at;
        count += ws_head_write(wire + count, opcode, bytes);
        memcpy(wire + count, data + at, bytes);
        count += bytes;
        at += bytes;
        ends[(*frames_out)++] = count;
        *events_out += opcode != WS_PING;
    }
    return count;
}

static void write_all(struct sse *sse, size_t begin, size_t end) {
    while (begin < end) {
        size_t taken = sse_write(sse, wire + begin, end - begin);
        demand(taken > 0 && taken <= end - begin);
        begin += taken;
    }
}

static size_t count_events(const struct sse *sse) {
    size_t events = 0;
    for (size_t i = 0; i < sse->bytes; i++) {
        bool line_begins = i == 0 || sse->text[i - 1] == '\n';
        demand(sse->text[i] != '\r');
        events += line_begins && sse->bytes - i >= 6 && memcmp(sse->text + i, "data: ", 6) == 0;
    }
    return events;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > WIRE_MAX / 16) {
        return -1;
    }
    size_t frames, events, bytes = make_wire(data, size, &frames, &events);
    struct sse *whole = sse_new(), *pieces = sse_new();
    write_all(whole, 0, bytes);
    for (size_t i = 0; i < frames; i++) {
        write_all(pieces, i > 0 ? ends[i - 1] : 0, ends[i]);
    }
    demand(whole->bytes == pieces->bytes);
    demand(bytes == 0 || memcmp(whole->text, pieces->text, whole->bytes) == 0);
    demand(count_events(whole) == events);
    sse_free(&whole);
    sse_free(&pieces);
    return 0;
}
