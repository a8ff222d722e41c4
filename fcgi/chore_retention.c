/*
 * chore_retention: no room keeps its log for longer than it should (rooms.keep_days,
 * rooms.keep_messages, and what the room has been set to by itself).
 *
 * Walks all rooms, a page a turn, and lets a bounded number of pieces go in each; where there is
 * more, the same page comes again, and what was done to it costs one short question a room.
 */
#include "chore.h"

#include <stdio.h>
#include <string.h>

#include <stonechat/log.h>

#include "store_retention.h"

enum { TRIMS_A_TURN = 20 };

/* Where this instance is in its walk; the janitor's thread is the only one that comes here. */
static char cursor[STORE_CURSOR_CHARS] = "0";

static void note(const char *room, int64_t count) {
    if (count > 0) {
        sc_log(SC_LOG_INFO, "log_trimmed", "room", room, "entries", sc_log_number(count), NULL);
    }
}

static enum sc_error trim_room(struct link *link, const struct store_keep *keep, const char *room,
                               int *left) {
    enum sc_error error = SC_OK;
    int64_t count, total = 0;
    bool more = true;
    while (error == SC_OK && more && *left > 0) {
        link_extend(link);
        error = store_log_trim(link, room, keep, &count, &more);
        total += count;
        *left -= count > 0;
    }
    note(room, total);
    return error == SC_NOT_FOUND ? SC_OK : error;
}

static enum sc_error trim_page(struct link *link, const struct store_keep *keep,
                               const struct store_rooms_page *page, int *left) {
    enum sc_error error = SC_OK;
    char room[SC_ID_MAX + 1];
    for (size_t i = 0; i < page->count && error == SC_OK && *left > 0; i++) {
        if (store_rooms_page_id(page, i, room)) {
            error = trim_room(link, keep, room, left);
        }
    }
    return error;
}

enum sc_error chore_retention(struct link *link, const struct sc_settings *settings,
                              bool *more_out) {
    const struct store_keep keep = {settings->rooms_keep_days, settings->rooms_keep_messages};
    struct store_rooms_page page;
    int left = TRIMS_A_TURN;
    enum sc_error error = store_rooms_page(link, cursor, &page);
    if (error == SC_OK) {
        error = trim_page(link, &keep, &page, &left);
    }
    if (error == SC_OK && left > 0) {
        memcpy(cursor, page.next, sizeof cursor);
    }
    *more_out = left == 0 || strcmp(cursor, "0") != 0;
    store_rooms_page_deinit(&page);
    return error;
}
