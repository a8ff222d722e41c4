/*
 * store_retention: the rooms there are, and letting the oldest of their logs go.
 */
#include "store_retention.h"

#include <stdio.h>

#include "store_files.h"

enum { KEYS_A_PAGE = 250, ENTRIES_A_TRIM = 500 };

/* There is no list of all rooms to be kept in step: Redis is walked instead, which nothing that is
 * done once a minute at leisure minds. */
enum sc_error store_rooms_page(struct link *link, const char *cursor,
                               struct store_rooms_page *page_out) {
    struct ask ask;
    ask_command(&ask, "SCAN");
    ask_text(&ask, cursor);
    ask_text(&ask, "MATCH");
    ask_text(&ask, "{r:*}:room");
    ask_text(&ask, "COUNT");
    ask_number(&ask, KEYS_A_PAGE);
    enum sc_error error = link_ask(link, &ask, &page_out->answer);
    const struct answer keys = answer_part(&page_out->answer, 1);
    snprintf(page_out->next, sizeof page_out->next, "%s", answer_text(&page_out->answer, 0, NULL));
    page_out->count = error == SC_OK ? answer_count(&keys) : 0;
    return error;
}

void store_rooms_page_deinit(struct store_rooms_page *page) {
    answer_deinit(&page->answer);
}

bool store_rooms_page_id(const struct store_rooms_page *page, size_t i,
                         char id_out[SC_ID_MAX + 1]) {
    const struct answer keys = answer_part(&page->answer, 1);
    size_t bytes;
    const char *key = answer_text(&keys, i, &bytes);
    return sc_key_parse(SC_KEY_ROOM, key, bytes, id_out);
}

enum sc_error store_log_trim(struct link *link, const char *room, const struct store_keep *keep,
                             int64_t *count_out, bool *more_out) {
    enum { COUNT = 1, MORE };
    struct ask ask;
    struct answer answer;
    ask_script(&ask, SC_SCRIPT_LOG_TRIM);
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_key(&ask, sc_key(SC_KEY_LOG, room));
    ask_key(&ask, sc_key(SC_KEY_READ, room));
    ask_key(&ask, sc_key(SC_KEY_FOLD, room));
    ask_key(&ask, sc_key(SC_KEY_GONE, room));
    ask_number(&ask, keep->days);
    ask_number(&ask, keep->messages);
    ask_number(&ask, ENTRIES_A_TRIM);
    enum sc_error error = link_ask(link, &ask, &answer);
    *count_out = error == SC_OK ? answer_number(&answer, COUNT) : 0;
    *more_out = error == SC_OK && answer_number(&answer, MORE) == 1;
    if (error == SC_OK) {
        store_files_released(link, &answer, MORE + 1);
    }
    answer_deinit(&answer);
    return error;
}
