/*
 * cursors: where a reader of events stands in each of its rooms, and how that is written as an
 * event's id, which the reader shows in Last-Event-ID when it comes back.
 *
 * Pure. An id is `ROOM.SEQ.AT,ROOM.SEQ.AT,...`: the reader holds everything of ROOM up to its entry
 * SEQ, which bears AT (0: not known). It names the rooms of the latest activity first, as many as
 * have room in it; what it doesn't name the reader is told to load anew.
 */
#ifndef PUSHD_CURSORS_H
#define PUSHD_CURSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/command.h>

enum { CURSORS_ID_MAX = 4096 }; /* bytes of an id */

struct cursors {
    struct sc_cursor *list; /* the latest activity last */
    size_t count, capacity;
};

void cursors_init(struct cursors *cursors);
void cursors_deinit(struct cursors *cursors);

/* Reads an id, in which a comma may be written %2C, into an empty list. False when it isn't one, or
 * names a room twice. */
bool cursors_read(struct cursors *cursors, const char *id, size_t bytes);
/* Writes one; returns its length. */
size_t cursors_write(const struct cursors *cursors, char out[CURSORS_ID_MAX]);

/* The reader stands there now; the room becomes the one of the latest activity. */
void cursors_set(struct cursors *cursors, const char *room, uint64_t seq, uint64_t at);
void cursors_forget(struct cursors *cursors, const char *room);
/* NULL: the room isn't in it. Lent until the next change. */
const struct sc_cursor *cursors_find(const struct cursors *cursors, const char *room);

#endif
