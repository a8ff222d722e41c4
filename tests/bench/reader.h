/*
 * reader: one WebSocket connection of a crowd: bytes in, what they come to counted.
 *
 * A reader of a Stonechat room (its credential names one) keeps the cursor of what it holds,
 * presents it whenever it comes back, and expects each `seq` once and in order. Any other one says
 * a fixed sentence and goes by the numbers of the marks. Either answers pings and Close.
 */
#ifndef BENCH_READER_H
#define BENCH_READER_H

#include "crowd.h"

enum reader_state { READER_AWAY, READER_ASKING, READER_GREETING, READER_IN };

struct reader {
    int fd;
    enum reader_state state;
    unsigned index, greetings;
    uint64_t number;      /* newest of a mark */
    uint64_t seq, at;     /* the cursor; `at` 0: not known; seq 0: holds nothing */
    uint64_t due_ns;      /* AWAY: when it comes back */
    uint64_t wait_ns;     /* how long the server wants it to stay away; 0: didn't say */
    unsigned char *carry; /* a frame that isn't all there */
    size_t carried;
};

/* What the readers of a process have in common. */
struct ear {
    const struct crowd_plan *plan;
    const struct tallies *all;
    struct tally *tally;
    uint64_t now_ns, deliveries; /* not yet in the tally */
    size_t mark_at;              /* where the last mark stood in its frame */
};

/* The request for an upgrade. */
void reader_ask(const struct ear *ear, struct reader *reader);

/* Takes what came; returns how many bytes were whole answers or frames. */
size_t reader_take(struct ear *ear, struct reader *reader, const unsigned char *bytes,
                   size_t count);

#endif
