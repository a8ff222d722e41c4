/*
 * store_tokens: which tokens of a host site were used, and what time it is.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_TOKENS_H
#define FCGI_STORE_TOKENS_H

#include "link.h"

/* Ms since the epoch by the clock of Redis, which all instances of the program share. */
enum sc_error store_time(struct link *link, int64_t *now_ms_out);
/* Notes for `ms` that the token of that hash was used; CONFLICT when it had been. */
enum sc_error store_token_use(struct link *link, const char *hash, int64_t ms);

#endif
