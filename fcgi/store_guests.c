/*
 * store_guests: who is a guest, and when to look after them.
 */
#include "store_guests.h"

enum sc_error store_guest_note(struct link *link, const char *user, int64_t due_ms) {
    struct ask ask;
    ask_command(&ask, "ZADD");
    ask_key(&ask, sc_key(SC_KEY_GUESTS));
    ask_number(&ask, due_ms);
    ask_text(&ask, user);
    return link_tell(link, &ask);
}

enum sc_error store_guest_drop(struct link *link, const char *user) {
    struct ask ask;
    ask_command(&ask, "ZREM");
    ask_key(&ask, sc_key(SC_KEY_GUESTS));
    ask_text(&ask, user);
    return link_tell(link, &ask);
}

enum sc_error store_guests_due(struct link *link, int64_t now_ms, int64_t most,
                               struct answer *out) {
    struct ask ask;
    ask_command(&ask, "ZRANGEBYSCORE");
    ask_key(&ask, sc_key(SC_KEY_GUESTS));
    ask_text(&ask, "-inf");
    ask_number(&ask, now_ms);
    ask_text(&ask, "LIMIT");
    ask_number(&ask, 0);
    ask_number(&ask, most);
    return link_ask(link, &ask, out);
}

enum sc_error store_guest_left(struct link *link, const char *user, int64_t guest_ms,
                               int64_t lag_ms, int64_t *left_ms_out) {
    struct ask ask;
    struct answer answer;
    ask_script(&ask, SC_SCRIPT_GUEST_LEFT);
    ask_key(&ask, sc_key(SC_KEY_USER, user));
    ask_key(&ask, sc_key(SC_KEY_SESSIONS, user));
    ask_key(&ask, sc_key(SC_KEY_USER_NODES, user));
    ask_number(&ask, guest_ms);
    ask_number(&ask, lag_ms);
    enum sc_error error = link_ask(link, &ask, &answer);
    *left_ms_out = answer_number(&answer, 1);
    answer_deinit(&answer);
    return error;
}
