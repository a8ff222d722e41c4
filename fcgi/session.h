/*
 * session: whose request this is, by the token in the Authorization header or else in the cookie.
 */
#ifndef FCGI_SESSION_H
#define FCGI_SESSION_H

#include <stdbool.h>

#include <stonechat/token.h>

#include "origin.h"
#include "user.h"

struct exchange;
struct reply;

struct session {
    enum credentials by; /* NONE: nobody is signed in; then the rest is empty */
    struct sc_token token;
    struct user user;
    bool stale; /* session_touch is due */
};

/* Fills the exchange's session. UNAUTHENTICATED when no token, or none that is good, was sent.
 * `lately`: what Redis has said a moment ago will do (see session_cache.h). */
enum sc_error session_load(struct exchange *x, bool lately);
void session_deinit(struct session *session);

/* Notes that the session is in use, where that is due; after the answer has left. */
void session_touch(struct exchange *x);

/* Opens a session for `user`, whose password was verified against `password_hash`: fills
 * `token_out` with its ids and hash and `text_out` with what the client is to present;
 * `created_at_out` and `expires_at_out` are ms since the epoch. */
enum sc_error session_open(struct exchange *x, const char *user, const char *password_hash,
                           struct sc_token *token_out, char text_out[SC_TOKEN_MAX + 1],
                           int64_t *created_at_out, int64_t *expires_at_out);

/* Sets the cookie to `token`, or takes it away when that is "". */
void session_set_cookie(struct exchange *x, const char *token);

#endif
