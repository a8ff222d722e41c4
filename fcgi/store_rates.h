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

/* RATE_LIMITED, and when to try again. */
enum sc_error store_rate_use(struct link *link, struct sc_key key, int64_t most, int64_t window_ms,
                             int64_t *retry_ms_out);
enum sc_error store_rate_undo(struct link *link, struct sc_key key, int64_t most,
                              int64_t window_ms);
enum sc_error store_strikes_try(struct link *link, struct sc_key key, int64_t *retry_ms_out);
enum sc_error store_strikes_clear(struct link *link, struct sc_key key);

#endif
