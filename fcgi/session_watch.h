/*
 * session_watch: hears in Redis what ends sessions or changes accounts, and lets session_cache
 * forget it.
 *
 * A thread with two links of its own: one listens, the other publishes a canary four times a
 * second, for a subscription can be dead without a word, and only what comes back proves it alive.
 * Both lead to the Redis that the requests' links lead to: when one of them finds another master or
 * silence, all is forgotten, and listening begins anew.
 */
#ifndef FCGI_SESSION_WATCH_H
#define FCGI_SESSION_WATCH_H

#include "session_cache.h"

struct site;
struct session_watch;

/* Begins to listen on behalf of the site's cache; both are lent until session_watch_free. NULL
 * where that remembers nothing. */
struct session_watch *session_watch_new(struct site *site);
void session_watch_free(struct session_watch **watch);

#endif
