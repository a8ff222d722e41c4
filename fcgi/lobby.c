/*
 * lobby: opened by main at the start, and by whoever finds it missing.
 */
#include "lobby.h"

#include <stdio.h>
#include <string.h>

#include "membership.h"
#include "store_names.h"
#include "store_rooms.h"

enum sc_error lobby_open(struct link *link, const char *room) {
    const struct store_room lobby = {.id = room,
                                     .owner = "",
                                     .tail = "",
                                     .name = room,
                                     .title = "Lobby",
                                     .topic = "",
                                     .kind = "public"};
    uint64_t seq;
    enum sc_error error = store_room_open(link, &lobby, &seq);
    if (error != SC_OK && error != SC_CONFLICT) {
        return error;
    }
    error = store_name_claim(link, STORE_ROOM_NAME, room, room);
    if (error == SC_OK || error == SC_NAME_TAKEN) {
        error = store_name_keep(link, STORE_ROOM_NAME, room, room);
    }
    if (error == SC_OK || error == SC_CONFLICT) {
        error = store_index_add(link, STORE_ROOM_NAME, room, room);
    }
    return error;
}

static enum sc_error lobby_join(struct link *link, const char *room,
                                const struct sc_person *person) {
    struct membership membership;
    enum sc_error error = membership_join(link, room, person, &membership);
    if (error == SC_FORBIDDEN) {
        return SC_OK; /* banned from it: that is no reason to keep him from the rest */
    }
    if (error != SC_NOT_FOUND) {
        return error;
    }
    error = lobby_open(link, room);
    return error == SC_OK ? membership_join(link, room, person, &membership) : error;
}

/* The next id of a list, cut out of it; false after the last. */
static bool next_room(const char **list, char id[SC_ID_MAX + 1]) {
    *list += strspn(*list, " ");
    size_t bytes = strcspn(*list, " ");
    snprintf(id, SC_ID_MAX + 1, "%.*s", (int)bytes, *list);
    *list += bytes;
    return bytes > 0;
}

bool lobby_admits(const struct sc_settings *settings, const struct user *user, const char *room) {
    const char *list = settings->rooms_guest_rooms;
    char id[SC_ID_MAX + 1];
    bool may = !user_is_guest(user) || list[strspn(list, " ")] == '\0';
    while (!may && next_room(&list, id)) {
        may = strcmp(id, room) == 0;
    }
    return may;
}

enum sc_error lobby_enter(struct link *link, const struct sc_settings *settings,
                          const struct user *user) {
    const struct sc_person person = user_person(user);
    const char *list = user_is_guest(user) ? settings->rooms_guest_rooms : "";
    char id[SC_ID_MAX + 1];
    enum sc_error error = SC_OK;
    if (lobby_admits(settings, user, settings->rooms_default)) {
        error = lobby_join(link, settings->rooms_default, &person);
    }
    while (error == SC_OK && next_room(&list, id)) {
        struct membership membership;
        error = membership_join(link, id, &person, &membership);
        error = error == SC_NOT_FOUND ? SC_OK : error;
    }
    return error;
}
