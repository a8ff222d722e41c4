/*
 * chore_lobby: the room that every account is in is there, also after Redis was away when the
 * program began, or has lost it.
 */
#include "chore.h"

#include "lobby.h"

enum sc_error chore_lobby(struct link *link, const struct sc_settings *settings, bool *more_out) {
    (void)more_out;
    return lobby_open(link, settings->rooms_default);
}
