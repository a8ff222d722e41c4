/*
 * room_name: the order of renaming: the new name is claimed for a while, the room is changed, the
 * name is kept and stands in the directory, the old one goes.
 *
 * Whoever dies in between has a room that is changed, under a name that is another's to take soon;
 * asking for the same change again sets that right.
 */
#include "room_name.h"

#include <string.h>

#include <stonechat/text.h>

#include "store_names.h"

static void fold(const char *text, const char *kind, char out[SC_NAME_MAX_BYTES + 1]) {
    out[0] = '\0';
    if (strcmp(kind, "public") == 0) {
        sc_text_fold(text, strlen(text), out, SC_NAME_MAX_BYTES + 1);
    }
}

void room_name_init(struct room_name *name, const char *room, const char *text, const char *kind) {
    *name = (struct room_name){.room = room};
    fold(text, kind, name->old);
}

void room_name_wish(struct room_name *name, const char *text, const char *kind) {
    fold(text, kind, name->wish);
}

enum sc_error room_name_claim(const struct room_name *name, struct link *link) {
    char owner[SC_ID_MAX + 1];
    if (!name->wish[0]) {
        return SC_OK;
    }
    enum sc_error error = store_name_claim(link, STORE_ROOM_NAME, name->wish, name->room);
    if (error != SC_NAME_TAKEN) {
        return error;
    }
    error = store_name_find(link, STORE_ROOM_NAME, name->wish, owner);
    return error == SC_OK && strcmp(owner, name->room) != 0 ? SC_NAME_TAKEN : error;
}

static enum sc_error keep(const struct room_name *name, struct link *link) {
    enum sc_error error = store_name_keep(link, STORE_ROOM_NAME, name->wish, name->room);
    return error == SC_OK ? store_index_add(link, STORE_ROOM_NAME, name->wish, name->room) : error;
}

static enum sc_error give_back(const struct room_name *name, struct link *link) {
    enum sc_error error = store_index_remove(link, STORE_ROOM_NAME, name->old, name->room);
    return error == SC_OK ? store_name_release(link, STORE_ROOM_NAME, name->old, name->room)
                          : error;
}

enum sc_error room_name_settle(const struct room_name *name, struct link *link) {
    enum sc_error error = name->wish[0] ? keep(name, link) : SC_OK;
    bool is_left = error == SC_OK || error == SC_CONFLICT; /* whatever has become of the new one */
    if (is_left && name->old[0] && strcmp(name->old, name->wish) != 0) {
        enum sc_error given = give_back(name, link);
        error = error == SC_OK ? given : error;
    }
    return error;
}
