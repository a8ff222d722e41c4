/*
 * lobby: opened by main at the start, and by whoever finds it missing.
 */
#include "lobby.h"

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

enum sc_error lobby_join(struct link *link, const char *room, const struct sc_person *person) {
    struct membership membership;
    enum sc_error error = membership_join(link, room, person, &membership);
    if (error != SC_NOT_FOUND) {
        return error;
    }
    error = lobby_open(link, room);
    return error == SC_OK ? membership_join(link, room, person, &membership) : error;
}
