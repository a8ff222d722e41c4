/*
 * handshake: the HTTP request that opens a connection (RFC 6455 section 4.2, RFC 9112).
 *
 * Pure: reads a request head and says what it asks for, or with which error it is refused; writes
 * the answers. It decides nothing about who may come in: credentials are only picked out.
 */
#ifndef PUSHD_HANDSHAKE_H
#define PUSHD_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>

#include <stonechat/error.h>
#include <stonechat/limits.h>

#include "offer.h"
#include "slice.h"

enum handshake_kind { HANDSHAKE_UPGRADE, HANDSHAKE_EVENTS, HANDSHAKE_HEALTH, HANDSHAKE_METRICS };

/* Slices are lent: pieces of the head. */
struct handshake {
    enum handshake_kind kind;
    size_t bytes; /* of the head, with its empty line; 0: more is needed */
    struct slice host, scheme, address, origin, key;
    struct slice cookie_token, bearer, ticket; /* credentials, as they were sent */
    struct slice last_event_id;                /* the header's, or else the query's */
    struct slice fetch_site;                   /* Sec-Fetch-Site */
    bool subprotocol;                          /* stonechat.v1 was offered */
    struct offer deflate;                      /* permessage-deflate */
};

/* Reads a head. SC_OK with `bytes` 0: not all there yet. Otherwise SC_OK and the struct filled, or
 * BAD_REQUEST, METHOD_NOT_ALLOWED, NOT_FOUND, UPGRADE_REQUIRED, HEADERS_TOO_LARGE. */
enum sc_error handshake_read(const char *bytes, size_t count, struct handshake *out);

/* Whether a request that bears the cookie may come from another site than ours. Ours are the site's
 * own origin (scheme://host of the request) and those of `more`, a list separated by spaces. Exact:
 * scheme, host and port (RFC 6454). A WebSocket's request names its origin, always; one for events
 * does so when it crosses origins, and in a browser says so in any case (Sec-Fetch-Site). */
bool handshake_is_cross_site(const struct handshake *handshake, const char *more);

/* The 101 answer (RFC 6455 section 4.2.2). Freed by the caller. */
char *handshake_accept(const struct handshake *handshake);

/* The head of the answer to GET /events, for one of `more` with what CORS asks for. Freed by the
 * caller. */
char *handshake_events(const struct handshake *handshake, const char *more);

/* A refusal as problem+json (RFC 9457), closing the connection. Freed by the caller. */
char *handshake_refuse(enum sc_error error);

/* The answer of GET /health. Freed by the caller. */
char *handshake_health(bool healthy);

/* That of GET /metrics, with a text that is taken. Freed by the caller. */
char *handshake_metrics(char **text);

#endif
