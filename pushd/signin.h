/*
 * signin: from an upgrade request to `welcome`.
 *
 * Credentials, then the user's subscription, then the session, then the rooms: each step is asked
 * of Redis without waiting, and only when all is known is the upgrade answered. Whoever isn't let
 * in is told so by HTTP, before any WebSocket exists.
 */
#ifndef PUSHD_SIGNIN_H
#define PUSHD_SIGNIN_H

#include "client.h"
#include "handshake.h"

/* A request has come; it is answered now or later. */
void signin_begin(struct client_set *set, struct conn *conn, const struct handshake *request);

/* The user is subscribed, or something about them has changed: what was asked is asked anew. */
void signin_again(struct client *client);

/* A room's end is known. */
void signin_on_room(struct sub *sub);

#endif
