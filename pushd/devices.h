/*
 * devices: all the clients of one user here, whom the same concerns.
 *
 * What is done on one device (a room joined or left, a session revoked) happens on all of them;
 * what is said to the user (a mention, a notice) each gets. A client that is still signing in may
 * have been told by Redis what isn't so any more: its questions are asked anew. Called by worker,
 * with what the feed brings on the user's channel and what a room's log says of its members.
 */
#ifndef PUSHD_DEVICES_H
#define PUSHD_DEVICES_H

#include <stddef.h>

#include <stonechat/event.h>

#include "client.h"

/* `joined`, `left`, `mention` or `revoked` has come. */
void devices_on_event(struct user *user, const struct sc_event_head *head, const char *json,
                      size_t bytes);
void devices_on_notice(struct user *user, struct frame *frame);

/* From now on nothing is missed; what was, before, is looked for. */
void devices_on_subscribed(struct user *user);

/* A `member` entry went by in a room: whoever it is about enters or leaves, right there. */
void devices_on_member(struct user_set *users, struct room *room, const struct sc_event_head *head,
                       const char *json, size_t bytes);

#endif
