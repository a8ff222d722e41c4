/*
 * crowd: many WebSocket connections of one process, which only listen.
 *
 * Checks the order of what each receives, by the number in its mark or, where there is none, by its
 * "seq", and counts into a tally. Answers pings. Knows nothing of who publishes.
 */
#ifndef BENCH_CROWD_H
#define BENCH_CROWD_H

#include "address.h"
#include "tally.h"

struct crowd_plan {
    struct address target;
    const char *path; /* of the request */
    char **tokens;    /* for Authorization, in turn; NULL: without */
    unsigned tokens_count;
    const char *say;       /* a text frame sent after the first one that came; NULL: nothing */
    unsigned greetings;    /* frames that come before a connection is in */
    unsigned first, count; /* which connections of all */
};

/* Opens the connections and listens until `over`; ends the process when one can't be opened. */
void crowd_run(const struct crowd_plan *plan, const struct tallies *all, struct tally *tally);

#endif
