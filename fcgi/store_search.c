/*
 * store_search: reading logs for what is sought in them, and the index that tells where to look.
 */
#include "store_search.h"

#include <inttypes.h>
#include <stdio.h>

static struct sc_key segment_key(const char *room, int64_t segment) {
    char number[24];
    snprintf(number, sizeof number, "%" PRId64, segment);
    return sc_key(SC_KEY_INDEX, room, number);
}

void store_search_place_ask(struct ask *ask, const char *room, const char *user, int64_t before,
                            int64_t at) {
    ask_script(ask, SC_SCRIPT_SEARCH_PLACE);
    ask_key(ask, sc_key(SC_KEY_ROOM, room));
    ask_key(ask, sc_key(SC_KEY_LOG, room));
    ask_key(ask, sc_key(SC_KEY_MEMBERS, room));
    ask_text(ask, user);
    ask_number(ask, before);
    ask_number(ask, at);
}

void store_search_block_ask(struct ask *ask, const char *room, const char *user, int64_t low,
                            int64_t high) {
    ask_script(ask, SC_SCRIPT_SEARCH_BLOCK);
    ask_key(ask, sc_key(SC_KEY_ROOM, room));
    ask_key(ask, sc_key(SC_KEY_LOG, room));
    ask_key(ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(ask, sc_key(SC_KEY_FOLD, room));
    ask_text(ask, user);
    ask_number(ask, low);
    ask_number(ask, high);
}

void store_grams_ask(struct ask *ask, const char *room, int64_t segment, const struct gram *grams,
                     size_t count) {
    ask_command(ask, "HMGET");
    ask_key(ask, segment_key(room, segment));
    for (size_t i = 0; i < count; i++) {
        ask_bytes(ask, grams[i].text, grams[i].bytes);
    }
}

enum sc_error store_grams_state(struct link *link, const char *room, int64_t *head_out,
                                int64_t *indexed_out) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "HMGET");
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_text(&ask, "seq");
    ask_text(&ask, "indexed");
    enum sc_error error = link_ask(link, &ask, &answer);
    if (error == SC_OK && !answer_has(&answer, 0)) {
        error = SC_NOT_FOUND;
    }
    *head_out = answer_number(&answer, 0);
    *indexed_out = answer_number(&answer, 1);
    answer_deinit(&answer);
    return error;
}

enum sc_error store_grams_add(struct link *link, const struct store_grams *grams) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_INDEX_ADD);
    ask_key(&ask, sc_key(SC_KEY_ROOM, grams->room));
    ask_key(&ask, segment_key(grams->room, grams->segment));
    ask_bytes(&ask, grams->rows, grams->rows_bytes);
    ask_number(&ask, grams->need);
    ask_number(&ask, grams->done);
    return link_tell(link, &ask);
}
