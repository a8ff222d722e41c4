/*
 * inbox: from the bytes that a client sends to whole messages (RFC 6455 sections 5.4 and 5.5).
 *
 * Pure: it is shown the bytes that have come and tells what they are, one item at a time. Bytes of
 * a frame that isn't complete, and pieces of a fragmented message, are kept; nothing is allocated
 * by an announced length, and nothing at all between messages. A deflated message is unpacked when
 * all of it is there: what it is bounded by holds before and after.
 */
#ifndef PUSHD_INBOX_H
#define PUSHD_INBOX_H

#include <stddef.h>
#include <stdint.h>

#include <stonechat/error.h>
#include <stonechat/text.h>

#include "ws_frame.h"

struct inbox {
    unsigned char *kept; /* an incomplete frame, or an incomplete request head */
    unsigned char *message;
    uint16_t kept_bytes, message_bytes;
    bool may_deflate; /* permessage-deflate was agreed upon */
    bool fragmented;  /* a message has begun and not ended */
    bool deflated;    /* that message is */
    struct sc_utf8 utf8;
};

enum inbox_kind {
    INBOX_NOTHING,  /* more bytes are needed */
    INBOX_FRAGMENT, /* a frame that doesn't end its message */
    INBOX_TEXT,
    INBOX_PING,
    INBOX_PONG,
    INBOX_CLOSE,
    INBOX_FAULT /* what came is not legal: `error` says why */
};

struct inbox_item {
    enum inbox_kind kind;
    enum sc_error error;
    size_t taken;               /* bytes that the item took */
    const unsigned char *bytes; /* payload; lent until the next call */
    size_t count;
    unsigned close_code; /* INBOX_CLOSE: 1005 when none was given */
};

void inbox_init(struct inbox *inbox);
void inbox_deinit(struct inbox *inbox);

/* Reads the next item off the `count` bytes at `bytes`, which are unmasked in place. */
struct inbox_item inbox_take(struct inbox *inbox, unsigned char *bytes, size_t count);

/* Puts what was kept before the bytes that have come: copies it to `out` and returns how much. */
size_t inbox_unkeep(struct inbox *inbox, unsigned char *out);
/* Keeps bytes (at most 64 KiB) for the next time. */
void inbox_keep(struct inbox *inbox, const unsigned char *bytes, size_t count);

#endif
