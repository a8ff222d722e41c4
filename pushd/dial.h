/*
 * dial: begins a connection to Redis or to a sentinel on a bufferevent.
 *
 * Whether it comes about is told by the bufferevent's own callback, possibly from within. False
 * when there is nothing to wait for: no such name, no such path.
 */
#ifndef PUSHD_DIAL_H
#define PUSHD_DIAL_H

#include <event2/bufferevent.h>
#include <stdbool.h>
#include <stdint.h>

#include <stonechat/endpoint.h>

bool dial_unix(struct bufferevent *stream, const char *path);

/* A name may stand for several addresses: each `attempt` takes the next. A peer that is silent for
 * `silent_ms` though something is owed, or that vanished without a word, is given up. */
bool dial_tcp(struct bufferevent *stream, const struct sc_address *address, unsigned attempt,
              int64_t silent_ms);

#endif
