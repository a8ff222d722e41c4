/*
 * store_tokens: which tokens of a host site were used, and what time it is.
 */
#include "store_tokens.h"

enum sc_error store_time(struct link *link, int64_t *now_ms_out) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "TIME");
    enum sc_error error = link_ask(link, &ask, &answer);
    *now_ms_out = answer_number(&answer, 0) * 1000 + answer_number(&answer, 1) / 1000;
    answer_deinit(&answer);
    return error;
}

enum sc_error store_token_use(struct link *link, const char *hash, int64_t ms) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "SET");
    ask_key(&ask, sc_key(SC_KEY_TOKEN_USED, hash));
    ask_text(&ask, "1");
    ask_text(&ask, "NX");
    ask_text(&ask, "PX");
    ask_number(&ask, ms);
    enum sc_error error = link_ask(link, &ask, &answer);
    if (error == SC_OK && !answer_has(&answer, 0)) {
        error = SC_CONFLICT;
    }
    answer_deinit(&answer);
    return error;
}
