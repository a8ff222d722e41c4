/*
 * store_chores: whose turn it is to do a chore, among all instances of this program.
 */
#include "store_chores.h"

static void ask_chore(struct ask *ask, enum sc_script_id script, const struct store_chore *chore) {
    ask_script(ask, script);
    ask_key(ask, sc_key(SC_KEY_CHORE, chore->name));
    ask_text(ask, chore->instance);
}

enum sc_error store_chore_take(struct link *link, const struct store_chore *chore, int64_t lease_ms,
                               int64_t *wait_ms_out) {
    struct ask ask;
    struct answer answer;
    ask_chore(&ask, SC_SCRIPT_CHORE_TAKE, chore);
    ask_number(&ask, lease_ms);
    enum sc_error error = link_ask(link, &ask, &answer);
    *wait_ms_out = error == SC_BUSY ? answer_number(&answer, 1) : 0;
    answer_deinit(&answer);
    return error;
}

enum sc_error store_chore_leave(struct link *link, const struct store_chore *chore,
                                int64_t rest_ms) {
    struct ask ask;
    ask_chore(&ask, SC_SCRIPT_CHORE_LEAVE, chore);
    ask_number(&ask, rest_ms);
    return link_tell(link, &ask);
}
