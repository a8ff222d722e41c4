/*
 * room_name: the name that a room owns, and its place in the directory, when either changes.
 *
 * Only public rooms own theirs: that a name is taken must not tell of a private room.
 */
#ifndef FCGI_ROOM_NAME_H
#define FCGI_ROOM_NAME_H

#include <stonechat/limits.h>

#include "link.h"

struct room_name {
    const char *room;
    char old[SC_NAME_MAX_BYTES + 1]; /* folded; "": it owns none */
    char wish[SC_NAME_MAX_BYTES + 1];
};

void room_name_init(struct room_name *name, const char *room, const char *text, const char *kind);
void room_name_wish(struct room_name *name, const char *text, const char *kind);

/* Before the room is changed: NAME_TAKEN. What comes to nothing is free again by itself. */
enum sc_error room_name_claim(const struct room_name *name, struct link *link);
/* And after: keeps the new one, gives the old one back. May be done again. */
enum sc_error room_name_settle(const struct room_name *name, struct link *link);

#endif
