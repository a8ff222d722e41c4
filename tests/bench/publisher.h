/*
 * publisher: sends orders to Redis, or to whoever takes them, at a rate or as fast as they arrive.
 *
 * An order is bytes as they go over the wire: a Redis command, or an HTTP request. Each mark in it
 * (see tally.h) is a message's, and every copy gets its own time and number there. So one publisher
 * serves all contenders, and costs next to nothing.
 */
#ifndef BENCH_PUBLISHER_H
#define BENCH_PUBLISHER_H

#include "address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HOLES_MAX = 64, WIRE_BYTES = 1 << 16 };

struct order {
    char *bytes;
    size_t count;
    size_t holes[HOLES_MAX]; /* where a mark's time begins */
    unsigned holes_count;
    uint64_t number; /* of the newest copy */
};

struct publisher {
    int fd;
    struct order *orders; /* one a room, in turn */
    unsigned count, next;
    uint64_t published; /* messages */
    size_t bytes;
    char wire[WIRE_BYTES]; /* what is being put together */
};

void publisher_init(struct publisher *publisher, const struct address *to);

/* Reads a file of orders, each after a line with its length in bytes. Those of a further file take
 * the place of the first one's, of the same rooms, and go on with their numbers. */
void publisher_read(struct publisher *publisher, const char *path);

/* Sends `count` orders in one piece; `sent_ns` goes into their marks. */
void publisher_send(struct publisher *publisher, uint64_t sent_ns, unsigned count);

/* Reads what was answered; ends the program at the first that isn't well. */
void publisher_hear(struct publisher *publisher);

#endif
