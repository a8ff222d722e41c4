/*
 * store_rates: sliding windows, and the growing pauses after failed logins.
 */
#include "store_rates.h"

/* Failures that cost nothing, then pauses of 1 s, 2 s, 4 s, ... up to a quarter of an hour. */
enum { STRIKES_FREE = 5, STRIKES_BASE_MS = 1000, STRIKES_MOST_MS = 15 * 60 * 1000 };

static void ask_rate(struct ask *ask, struct sc_key key, const char *op, int64_t most,
                     int64_t window_ms) {
    ask_script(ask, SC_SCRIPT_RATE);
    ask_key(ask, key);
    ask_text(ask, op);
    ask_number(ask, most);
    ask_number(ask, window_ms);
}

void store_rate_ask(struct ask *ask, struct sc_key key, int64_t most, int64_t window_ms) {
    ask_rate(ask, key, "use", most, window_ms);
}

enum sc_error store_rate_use(struct link *link, struct sc_key key, int64_t most, int64_t window_ms,
                             int64_t *retry_ms_out, bool *roomy_out) {
    struct ask ask;
    struct answer answer;
    store_rate_ask(&ask, key, most, window_ms);
    enum sc_error error = link_ask(link, &ask, &answer);
    *retry_ms_out = error == SC_RATE_LIMITED ? answer_number(&answer, 1) : 0;
    *roomy_out = error == SC_OK && answer_number(&answer, 1) == 1;
    answer_deinit(&answer);
    return error;
}

enum sc_error store_rate_undo(struct link *link, struct sc_key key, int64_t most,
                              int64_t window_ms) {
    struct ask ask;
    ask_rate(&ask, key, "undo", most, window_ms);
    return link_tell(link, &ask);
}

static enum sc_error ask_strikes(struct link *link, struct sc_key key, const char *op,
                                 int64_t *retry_ms_out) {
    struct ask ask;
    struct answer answer;
    ask_script(&ask, SC_SCRIPT_STRIKES);
    ask_key(&ask, key);
    ask_text(&ask, op);
    ask_number(&ask, STRIKES_FREE);
    ask_number(&ask, STRIKES_BASE_MS);
    ask_number(&ask, STRIKES_MOST_MS);
    enum sc_error error = link_ask(link, &ask, &answer);
    *retry_ms_out = answer_number(&answer, 1);
    answer_deinit(&answer);
    return error;
}

enum sc_error store_strikes_try(struct link *link, struct sc_key key, int64_t *retry_ms_out) {
    return ask_strikes(link, key, "try", retry_ms_out);
}

enum sc_error store_strikes_clear(struct link *link, struct sc_key key) {
    int64_t retry_ms;
    return ask_strikes(link, key, "clear", &retry_ms);
}
