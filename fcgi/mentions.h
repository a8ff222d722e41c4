/*
 * mentions: whom a text mentions: `@name` anywhere in it, names compared as when registering.
 */
#ifndef FCGI_MENTIONS_H
#define FCGI_MENTIONS_H

#include "exchange.h"

/* The ids of those whose names stand behind an @, without the caller, SC_MENTION_USERS_MAX at most,
 * separated by spaces; freed by the caller whatever is returned. Redis is asked only where there is
 * an @ at all. */
enum sc_error mentions_find(struct exchange *x, const char *text, size_t bytes, char **ids_out);

#endif
