/*
 * outbox: what one connection has yet to send, as references to frames.
 *
 * It knows nothing of sockets: the connection asks it for pieces to write and says how much was
 * written. It holds no memory of its own while there is one frame in it, or none. It is bounded by
 * its owner, who sheds what catching up will bring again.
 */
#ifndef PUSHD_OUTBOX_H
#define PUSHD_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "frame.h"

struct outbox {
    union {
        struct frame *only;  /* while capacity is 0 */
        struct frame **ring; /* of `capacity`, a power of two */
    };
    uint32_t first, count, capacity;
    uint32_t bytes; /* of all frames, less what was sent of the first */
    uint32_t sent;  /* bytes of the first frame that are gone already */
};

void outbox_init(struct outbox *outbox);
void outbox_deinit(struct outbox *outbox);

static inline bool outbox_is_empty(const struct outbox *outbox) {
    return outbox->count == 0;
}

/* Appends a reference of its own to `frame`. */
void outbox_push(struct outbox *outbox, struct frame *frame);

/* Fills at most `most` pieces with what is to be sent next; returns how many. */
int outbox_gather(struct outbox *outbox, struct iovec *pieces, int most);
/* Lets go of the next `bytes` bytes. */
void outbox_sent(struct outbox *outbox, size_t bytes);

/* Drops every frame that may be dropped and of which nothing was sent yet, oldest first; each is
 * shown to `on_dropped` before. */
void outbox_shed(struct outbox *outbox, void (*on_dropped)(void *context, const struct frame *),
                 void *context);
/* Drops everything but a frame that is partly sent, and the answer without which nothing else
 * means anything: what follows is the last thing said. */
void outbox_cut(struct outbox *outbox);

#endif
