/*
 * store_erasures: what is left to be erased of accounts that are closed.
 */
#include "store_erasures.h"

#include <stdio.h>
#include <stdlib.h>

enum { ENTRIES_A_PIECE = 100 };

enum sc_error store_erasure_note(struct link *link, const char *user, const char *messages,
                                 bool unless_noted) {
    struct ask ask;
    ask_command(&ask, unless_noted ? "HSETNX" : "HSET");
    ask_key(&ask, sc_key(SC_KEY_ERASURES));
    ask_text(&ask, user);
    ask_text(&ask, messages);
    return link_tell(link, &ask);
}

enum sc_error store_erasures(struct link *link, struct answer *out) {
    struct ask ask;
    ask_command(&ask, "HGETALL");
    ask_key(&ask, sc_key(SC_KEY_ERASURES));
    return link_ask(link, &ask, out);
}

enum sc_error store_erasure_end(struct link *link, const char *user) {
    struct ask ask;
    ask_command(&ask, "HDEL");
    ask_key(&ask, sc_key(SC_KEY_ERASURES));
    ask_text(&ask, user);
    return link_tell(link, &ask);
}

static enum sc_error is_closed(struct link *link, const char *user) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "EXISTS");
    ask_key(&ask, sc_key(SC_KEY_USER, user));
    enum sc_error error = link_ask(link, &ask, &answer);
    bool exists = error == SC_OK && answer_number(&answer, 0) == 1;
    answer_deinit(&answer);
    return exists ? SC_NOT_FOUND : error;
}

static enum sc_error some_room(struct link *link, const char *user, struct store_erasure *out) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "HRANDFIELD");
    ask_key(&ask, sc_key(SC_KEY_ERASURE, user));
    ask_text(&ask, "1");
    ask_text(&ask, "WITHVALUES");
    enum sc_error error = link_ask(link, &ask, &answer);
    snprintf(out->room, sizeof out->room, "%s", answer_text(&answer, 0, NULL));
    out->seq = answer_number(&answer, 1);
    answer_deinit(&answer);
    return error;
}

enum sc_error store_erasure_next(struct link *link, const char *user, struct store_erasure *out) {
    enum sc_error error = is_closed(link, user);
    return error == SC_OK ? some_room(link, user, out) : error;
}

/* Where a room is done with, or is no more, its field goes. */
static enum sc_error note_progress(struct link *link, const char *user,
                                   const struct store_erasure *at, bool more) {
    struct ask ask;
    ask_command(&ask, more ? "HSET" : "HDEL");
    ask_key(&ask, sc_key(SC_KEY_ERASURE, user));
    ask_text(&ask, at->room);
    if (more) {
        ask_number(&ask, at->seq);
    }
    return link_tell(link, &ask);
}

static void ask_erase(struct ask *ask, const char *room) {
    ask_script(ask, SC_SCRIPT_LOG_ERASE);
    ask_key(ask, sc_key(SC_KEY_ROOM, room));
    ask_key(ask, sc_key(SC_KEY_LOG, room));
    ask_key(ask, sc_key(SC_KEY_READ, room));
    ask_key(ask, sc_key(SC_KEY_FOLD, room));
    ask_key(ask, sc_key(SC_KEY_GONE, room));
    ask_key(ask, sc_key(SC_KEY_PINS, room));
    ask_key(ask, sc_key(SC_KEY_FILES, room));
}

enum sc_error store_log_erase(struct link *link, const struct sc_person *person,
                              const char *messages, struct store_erasure *at, bool *more_out) {
    enum { SEQ = 1, MORE };
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, at->room);
    char *shown = sc_person_encode(person);
    struct ask ask;
    struct answer answer;
    ask_erase(&ask, at->room);
    ask_text(&ask, at->room);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_text(&ask, person->id);
    ask_text(&ask, shown);
    ask_text(&ask, messages);
    ask_number(&ask, at->seq);
    ask_number(&ask, ENTRIES_A_PIECE);
    enum sc_error error = link_ask(link, &ask, &answer);
    *more_out = error == SC_OK && answer_number(&answer, MORE) == 1;
    at->seq = answer_number(&answer, SEQ);
    answer_deinit(&answer);
    free(shown);
    bool settled = error == SC_OK || error == SC_NOT_FOUND;
    return settled ? note_progress(link, person->id, at, *more_out) : error;
}
