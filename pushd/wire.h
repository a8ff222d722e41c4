/*
 * wire: a socket to Redis or a sentinel, and a reader of what comes on it.
 *
 * What link and finder have in common: opening, closing, sending a command. Who dials, what is
 * made of replies, and when to give up, is theirs.
 */
#ifndef PUSHD_WIRE_H
#define PUSHD_WIRE_H

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <hiredis/hiredis.h>
#include <stddef.h>

/* Zeroed, or closed: both NULL. */
struct wire {
    struct bufferevent *stream;
    redisReader *reader;
};

/* Ready to be dialled (dial.h). */
void wire_open(struct wire *wire, struct event_base *base, bufferevent_data_cb on_readable,
               bufferevent_event_cb on_event, void *context);
/* Closing what is closed does nothing. */
void wire_close(struct wire *wire);

/* Queues a command; `bytes` may be NULL (see resp.h). */
void wire_send(struct wire *wire, int count, const char **arguments, const size_t *bytes);
/* What of that the socket has not taken yet. */
size_t wire_unsent_bytes(const struct wire *wire);

#endif
