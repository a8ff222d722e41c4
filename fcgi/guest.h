/*
 * guest: an account that somebody has for a while, under a nickname, without a password.
 *
 * Its one session is all that leads to it. What a guest may not do at all says route.c
 * (WHO_HOLDER), where one may be lobby.h, and how often rate.c.
 */
#ifndef FCGI_GUEST_H
#define FCGI_GUEST_H

#include "exchange.h"

/* A new one, whose display name is `nick`. SIGN_IN_CLOSED where there are no guests; RATE_LIMITED
 * as for who registers. */
enum sc_error guest_open(struct exchange *x, const struct form_value *nick, struct user *user_out);

#endif
