/*
 * chore_pushes: rooms in which somebody may have to be woken are looked at, also where whoever sent
 * the message died before that was noted.
 *
 * The room itself knows (`push`, written in the step that appends the message); the list of rooms
 * to be looked at is its index, and this walk of all rooms is what makes that good.
 */
#include "chore.h"

#include <string.h>

#include "store_push.h"
#include "store_retention.h"

/* Where this instance is in its walk; the janitor's thread is the only one that comes here. */
static char cursor[STORE_CURSOR_CHARS] = "0";

static enum sc_error see_to_room(struct link *link, const struct sc_settings *settings,
                                 const char *room) {
    bool behind;
    link_extend(link);
    enum sc_error error = store_push_is_behind(link, room, &behind);
    return error == SC_OK && behind ? store_push_note_room(link, settings, room) : error;
}

enum sc_error chore_pushes(struct link *link, const struct sc_settings *settings, bool *more_out) {
    struct store_rooms_page page;
    char room[SC_ID_MAX + 1];
    enum sc_error error = store_rooms_page(link, cursor, &page);
    for (size_t i = 0; i < page.count && error == SC_OK; i++) {
        if (store_rooms_page_id(&page, i, room)) {
            error = see_to_room(link, settings, room);
        }
    }
    if (error == SC_OK) {
        memcpy(cursor, page.next, sizeof cursor);
    }
    *more_out = strcmp(cursor, "0") != 0;
    store_rooms_page_deinit(&page);
    return error;
}
