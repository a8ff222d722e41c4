/*
 * room_view: a room as REST shows it.
 */
#ifndef FCGI_ROOM_VIEW_H
#define FCGI_ROOM_VIEW_H

#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "answer.h"

/* Writes {id,name,title,topic,kind,role,seq,n,read,unread,mentions,last,created_at}, from the rows
 * of room_view.lua (store.h); `role` is null for a public room that the caller isn't in, `last` the
 * newest message, as `user` sees it, or null; `online` only where it isn't -1. */
void room_view_write(FILE *body, const char *id, const char *user, const struct answer *view,
                     int64_t online);

/* The directory's row: {id,name,title,topic,kind,role,seq,n,members}. A new reference. */
json_t *room_view_listing(const char *id, const struct answer *view, int64_t members);

/* When something last happened that people want to see, ms since the epoch. */
int64_t room_view_activity(const struct answer *view);

#endif
