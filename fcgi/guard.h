/*
 * guard: slows down the guessing of passwords, by account and by address.
 *
 * One address has `limits.logins_per_minute` failures a minute; one account from one address five,
 * then pauses that double; one account from all addresses ten times as many a minute, so that its
 * owner, who comes from elsewhere, still gets in. A try counts from its start, and is taken back
 * when it was good.
 */
#ifndef FCGI_GUARD_H
#define FCGI_GUARD_H

#include <stonechat/error.h>

struct exchange;

/* Before a password is looked at: RATE_LIMITED with `retry_ms` set. `folded` is the account's name
 * in its normal form, whether there is such an account or not. */
enum sc_error guard_enter(struct exchange *x, const char *folded);
/* The password was right. */
void guard_pass(struct exchange *x, const char *folded);

#endif
