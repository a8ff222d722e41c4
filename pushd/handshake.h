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

enum handshake_kind { HANDSHAKE_UPGRADE, HANDSHAKE_HEALTH, HANDSHAKE_METRICS };

/* Slices are lent: pieces of the head. */
struct handshake {
    enum handshake_kind kind;
    size_t bytes; /* of the head, with its empty line; 0: more is needed */
    struct slice host, scheme, address, origin, key;
    struct slice cookie_token, bearer, ticket; /* credentials, as they were sent */
    bool subprotocol;                          /* stonechat.v1 was offered */
    struct offer deflate;                      /* permessage-deflate */
};

/* Reads a head. SC_OK with `bytes` 0: not all there yet. Otherwise SC_OK and the struct filled, or
 * BAD_REQUEST, METHOD_NOT_ALLOWED, NOT_FOUND, UPGRADE_REQUIRED, HEADERS_TOO_LARGE. */
enum sc_error handshake_read(const char *bytes, size_t count, struct handshake *out);

/* Whether `origin` is the site's own (scheme://host of the request) or one of `more`, a list
 * separated by spaces. Exact: scheme, host and port (RFC 6454). */
bool handshake_origin_is_ours(const struct handshake *handshake, const char *more);

/* The 101 answer (RFC 6455 section 4.2.2). Freed by the caller. */
char *handshake_accept(const struct handshake *handshake);

/* A refusal as problem+json (RFC 9457), closing the connection. Freed by the caller. */
char *handshake_refuse(enum sc_error error);

/* The answer of GET /health. Freed by the caller. */
char *handshake_health(bool healthy);

/* That of GET /metrics, with a text that is taken. Freed by the caller. */
char *handshake_metrics(char **text);

#endif
