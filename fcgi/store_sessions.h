/*
 * store_sessions: who is signed in where, and tickets.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_SESSIONS_H
#define FCGI_STORE_SESSIONS_H

#include <stdbool.h>

#include <stonechat/token.h>

#include "link.h"
#include "user.h"

/* `left_ms_out`: until it ends if it is not used. */
enum sc_error store_session_check(struct link *link, const struct sc_token *token, int64_t idle_ms,
                                  struct user *user_out, int64_t *left_ms_out, bool *stale_out);
enum sc_error store_session_touch(struct link *link, const char *user, const char *session,
                                  const char *address);
struct store_session {
    const struct sc_token *token;
    const char *address;
    const char *user_agent;
    int64_t idle_ms;
    int64_t max_ms;
    int64_t most;
    const char *password_hash; /* that was verified; another by now: BAD_CREDENTIALS */
};
enum sc_error store_session_open(struct link *link, const struct store_session *session,
                                 int64_t *created_at_out, int64_t *expires_at_out);
/* Rows: id, JSON, id, JSON, ... from row 1 on. */
enum sc_error store_session_list(struct link *link, const char *user, int64_t idle_ms,
                                 struct answer *out);
/* The same question as part of a batch. */
void store_session_list_ask(struct ask *ask, const char *user, int64_t idle_ms);
/* One; or with `session` "" all but `spared`, which may be "". */
enum sc_error store_session_end(struct link *link, const char *user, const char *session,
                                const char *spared);
enum sc_error store_ticket(struct link *link, const char *hash, const struct sc_token *token,
                           int64_t ms);

#endif
