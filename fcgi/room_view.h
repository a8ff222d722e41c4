/*
 * room_view: a room as REST shows it.
 */
#ifndef FCGI_ROOM_VIEW_H
#define FCGI_ROOM_VIEW_H

#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "answer.h"
#include "user.h"

/* Writes {id,name,title,topic,kind,role,seq,n,read,unread,mentions,last,created_at}, from the rows
 * of room_view.lua (store.h), but for the closing brace; `role` is null for a room that the caller
 * isn't in, `last` the newest message, as `user` sees it, or null; `online` only where it isn't -1;
 * `muted_until` only where the caller is muted, null where that is until it is lifted; `keep_days`
 * and `keep_messages` only where the room has limits of its own. */
void room_view_open(FILE *body, const char *id, const char *user, const struct answer *view,
                    int64_t online);
/* The end, with `peer` where the room is a direct one: null where that account is no more. */
void room_view_close(FILE *body, bool direct, const struct user *peer);

/* The directory's row: {id,name,title,topic,kind,role,seq,n,members}. A new reference. */
json_t *room_view_listing(const char *id, const struct answer *view, int64_t members);

/* When something last happened that people want to see, ms since the epoch. */
int64_t room_view_activity(const struct answer *view);

#endif
