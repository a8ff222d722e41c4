/*
 * host: the site around us, which signs in its own users by a token (jwt.h).
 */
#ifndef FCGI_HOST_H
#define FCGI_HOST_H

#include "exchange.h"

/*
 * The account for which `token` stands, opened at first sight. SIGN_IN_CLOSED where none are taken;
 * BAD_CREDENTIALS, with the reason in the log, for one that is not good, or was used before where
 * `accounts.jwt_replay` forbids that; RATE_LIMITED after too many of these.
 */
enum sc_error host_sign_in(struct exchange *x, const struct form_value *token,
                           struct user *user_out);

#endif
