/*
 * frame: what a client sends after the handshake, through inbox and ws_frame.
 *
 * The same bytes, whole and in pieces, must give the same items; no text is longer than a client's
 * message may be or anything but UTF-8; a close code is one that may be sent. All of it holds with
 * permessage-deflate and without.
 */
#include "fuzz.h"

#include <stonechat/limits.h>

#include "inbox.h"

enum { BUFFER_MAX = 1 << 16 };

/* All that came out, as text: kinds, codes and payloads. */
struct record {
    unsigned char *bytes;
    size_t count;
    bool over;
};

static void record_bytes(struct record *record, const void *bytes, size_t count) {
    if (count > 0) {
        record->bytes = realloc(record->bytes, record->count + count);
        memcpy(record->bytes + record->count, bytes, count);
        record->count += count;
    }
}

static void record_item(struct record *record, const struct inbox_item *item) {
    unsigned head[] = {item->kind, item->kind == INBOX_FAULT ? item->error : 0,
                       item->kind == INBOX_CLOSE ? item->close_code : 0, (unsigned)item->count};
    record_bytes(record, head, sizeof head);
    record_bytes(record, item->bytes, item->count);
}

static void judge(const struct inbox_item *item, size_t had) {
    demand(item->taken <= had);
    switch (item->kind) {
    case INBOX_TEXT:
        demand(item->count <= SC_CLIENT_FRAME_MAX);
        demand(sc_utf8_valid((const char *)item->bytes, item->count));
        break;
    case INBOX_PING:
    case INBOX_PONG:
        demand(item->count <= WS_CONTROL_MAX);
        break;
    case INBOX_CLOSE:
        demand(item->close_code == 1005 || ws_close_code_is_legal(item->close_code));
        break;
    case INBOX_FAULT:
        demand(item->error != SC_OK);
        break;
    default:
        break;
    }
    demand(item->kind == INBOX_NOTHING || item->kind == INBOX_FAULT || item->taken >= 6);
}

/* What was kept and then a piece more, in a buffer that ends where they end. */
static void give(struct inbox *inbox, const uint8_t *piece, size_t count, struct record *record) {
    size_t kept = inbox->kept_bytes;
    unsigned char *all = malloc(kept + count);
    demand(inbox_unkeep(inbox, all) == kept);
    memcpy(all + kept, piece, count);
    size_t at = 0;
    struct inbox_item item;
    do {
        item = inbox_take(inbox, all + at, kept + count - at);
        judge(&item, kept + count - at);
        if (item.kind != INBOX_NOTHING) {
            record_item(record, &item);
        }
        at += item.taken;
    } while (item.kind != INBOX_NOTHING && item.kind != INBOX_FAULT);
    record->over = item.kind == INBOX_FAULT;
    if (!record->over) {
        inbox_keep(inbox, all + at, kept + count - at);
    }
    free(all);
}

static struct record take(const uint8_t *data, size_t size, bool in_pieces, bool may_deflate) {
    struct record record = {0};
    struct inbox inbox;
    inbox_init(&inbox);
    inbox.may_deflate = may_deflate;
    for (size_t at = 0; at < size && !record.over;) {
        size_t piece = in_pieces ? fuzz_piece(data, size, at) : size;
        give(&inbox, data + at, piece, &record);
        at += piece;
    }
    inbox_deinit(&inbox);
    return record;
}

static void judge_both_ways(const uint8_t *data, size_t size, bool may_deflate) {
    struct record whole = take(data, size, false, may_deflate);
    struct record pieces = take(data, size, true, may_deflate);
    demand(whole.count == pieces.count);
    demand(whole.count == 0 || memcmp(whole.bytes, pieces.bytes, whole.count) == 0);
    free(whole.bytes);
    free(pieces.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size >= BUFFER_MAX) {
        return -1;
    }
    judge_both_ways(data, size, false);
    judge_both_ways(data, size, true);
    return 0;
}
