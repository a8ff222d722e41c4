/*
 * store_sessions: who is signed in where, and tickets.
 */
#include "store_sessions.h"

#include <stdlib.h>

#include <stonechat/memory.h>

#include "session_cache.h"

enum sc_error store_session_check(struct link *link, const struct sc_token *token, int64_t idle_ms,
                                  struct user *user_out, int64_t *left_ms_out, bool *stale_out) {
    enum { NAME = 1, LEFT_MS = 7, STALE = 8 };
    struct ask ask;
    struct answer answer;
    ask_script(&ask, SC_SCRIPT_SESSION_CHECK);
    ask_key(&ask, sc_key(SC_KEY_USER, token->user));
    ask_key(&ask, sc_key(SC_KEY_SESSIONS, token->user));
    ask_text(&ask, token->session);
    ask_text(&ask, token->hash);
    ask_number(&ask, idle_ms);
    enum sc_error error = link_ask(link, &ask, &answer);
    if (error == SC_OK) {
        user_init(user_out, token->user, &answer, NAME);
        *left_ms_out = answer_number(&answer, LEFT_MS);
        *stale_out = answer_number(&answer, STALE) == 1;
    }
    answer_deinit(&answer);
    return error;
}

enum sc_error store_session_touch(struct link *link, const char *user, const char *session,
                                  const char *address) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_SESSION_TOUCH);
    ask_key(&ask, sc_key(SC_KEY_SESSIONS, user));
    ask_text(&ask, session);
    ask_text(&ask, address);
    return link_tell(link, &ask);
}

enum sc_error store_session_open(struct link *link, const struct store_session *session,
                                 int64_t *created_at_out, int64_t *expires_at_out) {
    const struct sc_token *token = session->token;
    struct sc_key channel = sc_channel(SC_CHANNEL_USER_LIVE, token->user);
    struct ask ask;
    struct answer answer;
    ask_script(&ask, SC_SCRIPT_SESSION_OPEN);
    ask_key(&ask, sc_key(SC_KEY_USER, token->user));
    ask_key(&ask, sc_key(SC_KEY_SESSIONS, token->user));
    ask_text(&ask, token->session);
    ask_text(&ask, token->hash);
    ask_text(&ask, session->address);
    ask_text(&ask, session->user_agent);
    ask_number(&ask, session->idle_ms);
    ask_number(&ask, session->max_ms);
    ask_number(&ask, session->most);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_text(&ask, session->password_hash);
    enum sc_error error = link_ask(link, &ask, &answer);
    *created_at_out = answer_number(&answer, 1);
    *expires_at_out = answer_number(&answer, 2);
    answer_deinit(&answer);
    session_cache_forget(link->terms.sessions, token->user); /* one more may have ended another */
    return error;
}

enum sc_error store_session_list(struct link *link, const char *user, int64_t idle_ms,
                                 struct answer *out) {
    struct ask ask;
    store_session_list_ask(&ask, user, idle_ms);
    return link_ask(link, &ask, out);
}

void store_session_list_ask(struct ask *ask, const char *user, int64_t idle_ms) {
    ask_script(ask, SC_SCRIPT_SESSION_LIST);
    ask_key(ask, sc_key(SC_KEY_SESSIONS, user));
    ask_number(ask, idle_ms);
}

enum sc_error store_session_end(struct link *link, const char *user, const char *session,
                                const char *spared) {
    struct sc_key channel = sc_channel(SC_CHANNEL_USER_LIVE, user);
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_SESSION_END);
    ask_key(&ask, sc_key(SC_KEY_SESSIONS, user));
    ask_text(&ask, session);
    ask_text(&ask, spared);
    ask_bytes(&ask, channel.text, channel.bytes);
    enum sc_error error = link_tell(link, &ask);
    session_cache_forget(link->terms.sessions, user);
    return error;
}

enum sc_error store_ticket(struct link *link, const char *hash, const struct sc_token *token,
                           int64_t ms) {
    char *bearer = sc_xasprintf("%s %s %s", token->user, token->session, token->hash);
    struct ask ask;
    ask_command(&ask, "SET");
    ask_key(&ask, sc_key(SC_KEY_TICKET, hash));
    ask_text(&ask, bearer);
    ask_text(&ask, "PX");
    ask_number(&ask, ms);
    enum sc_error error = link_tell(link, &ask);
    free(bearer);
    return error;
}
