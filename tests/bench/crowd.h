/*
 * crowd: many WebSocket connections of one process, which only listen.
 *
 * Each is a reader (reader.h). A crowd opens them, obeys its group's control (be deaf, drop all),
 * and lets those come back that the server has ended, when that is wanted: at the time a Close of
 * 1012 names, after Retry-After, or at once. Knows nothing of who publishes.
 */
#ifndef BENCH_CROWD_H
#define BENCH_CROWD_H

#include <stdbool.h>

#include "address.h"
#include "tally.h"

/* What one connection presents: a line of the file, TOKEN [ROOM [SEQ AT]]. */
struct credential {
    char *token, *room; /* NULL: none */
    uint64_t seq, at;   /* the entry that is held; 0: none */
};

struct crowd_plan {
    struct address target;
    const char *path; /* of the request; ends in '=': the room's id is put behind it */
    struct credential *credentials; /* in turn; NULL: none */
    unsigned credentials_count;
    const char *say;       /* a text frame sent after the first one that came; NULL: nothing */
    unsigned greetings;    /* frames that come before a connection is in */
    unsigned opening;      /* connections that may be on their way in at a time; 0: all */
    bool returns;          /* whoever is ended or refused comes back */
    unsigned group;        /* whose control is obeyed */
    unsigned first, count; /* which connections of all of the group */
};

/* Listens until `over`; ends the process when a connection can't be had. */
void crowd_run(const struct crowd_plan *plan, struct tallies *all, struct tally *tally);

#endif
