/*
 * signin: from an upgrade request to `welcome`.
 *
 * A place, credentials, then the user's subscription, then the session, then the rooms: what only
 * Redis knows is asked without waiting, and only when all is known is the upgrade answered. Whoever
 * isn't let in is told so by HTTP, before any WebSocket exists.
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

/* Redis can't be asked any more: whoever is still signing in would wait for nothing. */
void signin_refuse_all(struct conn_set *conns);

#endif
