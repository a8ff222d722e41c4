/*
 * credentials: looking at a password that somebody presents.
 */
#ifndef FCGI_CREDENTIALS_H
#define FCGI_CREDENTIALS_H

#include <stddef.h>

#include "exchange.h"

/*
 * Whether `password` is that of the account `user` ("": there is none), guarded by the counters of
 * `folded`. With a place in the hasher taken. BAD_CREDENTIALS, after the same time and work,
 * for a wrong password, a disabled account and none at all; RATE_LIMITED. A hash that was made
 * with less effort than today's is made anew. `hash_out`: the hash that the account has now, as far
 * as this knows: to be held against it by what is done with the password's authority.
 */
enum sc_error credentials_check(struct exchange *x, const char *folded, const char *user,
                                const struct form_value *password, char hash_out[HASHER_HASH_MAX]);

#endif
