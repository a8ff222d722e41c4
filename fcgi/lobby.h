/*
 * lobby: the room that every account is in (`rooms.default`), made when it is missing.
 */
#ifndef FCGI_LOBBY_H
#define FCGI_LOBBY_H

#include <stonechat/error.h>
#include <stonechat/event.h>

#include "link.h"

/* Makes the room unless it is there. */
enum sc_error lobby_open(struct link *link, const char *room);
/* Makes sure that the user is in it; makes the room itself where that is missing. */
enum sc_error lobby_join(struct link *link, const char *room, const struct sc_person *person);

#endif
