/*
 * store_rates: sliding windows, and the pauses after failed logins.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_RATES_H
#define FCGI_STORE_RATES_H

#include <stonechat/schema.h>

#include "link.h"

/* The question of store_rate_use, for whoever sends it otherwise; what the answer says is in row 1:
 * whether there is room for more, or when to try again. */
void store_rate_ask(struct ask *ask, struct sc_key key, int64_t most, int64_t window_ms);
/* RATE_LIMITED, and when to try again. `roomy_out`: whether the next one surely may. */
enum sc_error store_rate_use(struct link *link, struct sc_key key, int64_t most, int64_t window_ms,
                             int64_t *retry_ms_out, bool *roomy_out);
enum sc_error store_rate_undo(struct link *link, struct sc_key key, int64_t most,
                              int64_t window_ms);
enum sc_error store_strikes_try(struct link *link, struct sc_key key, int64_t *retry_ms_out);
enum sc_error store_strikes_clear(struct link *link, struct sc_key key);

#endif
