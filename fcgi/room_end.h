/*
 * room_end: deleting a room: itself, its name, its place in the directory and in its members'
 * lists.
 */
#ifndef FCGI_ROOM_END_H
#define FCGI_ROOM_END_H

#include "store_rooms.h"

/* NOT_FOUND and FORBIDDEN as room_delete.lua says; CONFLICT when it was renamed meanwhile. */
enum sc_error room_end(struct link *link, const char *room, const struct store_caller *caller);
/* The same by who leaves it as the last one; CONFLICT also when another has come in. */
enum sc_error room_end_with_last(struct link *link, const char *room, const char *user);
/* Completes what was begun and cut short, by whichever instance of the program. */
enum sc_error room_end_settle(struct link *link);

#endif
