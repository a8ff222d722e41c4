/*
 * lobby: the room that every account is in (`rooms.default`), made when it is missing; and those in
 * which guests are instead.
 */
#ifndef FCGI_LOBBY_H
#define FCGI_LOBBY_H

#include <stdbool.h>

#include <stonechat/error.h>
#include <stonechat/settings.h>

#include "link.h"
#include "user.h"

/* Makes the room unless it is there. */
enum sc_error lobby_open(struct link *link, const char *room);

/* Makes the user a member where all accounts are: of the default room, which is made itself where
 * it is missing; a guest of the rooms of `rooms.guest_rooms` that there are, if that names any. */
enum sc_error lobby_enter(struct link *link, const struct sc_settings *settings,
                          const struct user *user);
/* Whether the user may be in that room as far as `rooms.guest_rooms` is concerned. */
bool lobby_admits(const struct sc_settings *settings, const struct user *user, const char *room);

#endif
