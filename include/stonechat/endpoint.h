/*
 * endpoint: where Redis is, as `redis.url` says it.
 *
 * unix:PATH
 * redis://[USER:PASSWORD@]HOST[:PORT][/DB]
 * sentinel://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]...]/MASTER[/DB]
 *
 * USER and PASSWORD are percent-encoded, and an IPv6 HOST stands in square brackets. In the last
 * form the HOSTs are Redis Sentinels, of which one that answers says where the master is that they
 * know as MASTER; USER and PASSWORD are the master's.
 */
#ifndef STONECHAT_ENDPOINT_H
#define STONECHAT_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

struct sc_address {
    char *host;
    int port;
};

struct sc_endpoint {
    char *path;                /* of a unix socket; NULL: one of the others */
    struct sc_address address; /* host NULL: asked of the sentinels */
    char *master;              /* the name that the sentinels know it by; NULL: there are none */
    struct sc_address *sentinels;
    size_t sentinels_count;
    char *user;     /* NULL: the default user */
    char *password; /* NULL: none asked for */
    int database;
};

/* False when `url` has none of the forms; then there is nothing to give back. */
bool sc_endpoint_init(struct sc_endpoint *endpoint, const char *url);
void sc_endpoint_deinit(struct sc_endpoint *endpoint);

/* As a sentinel says it, host and port as texts. False, and nothing changed, when it is none. */
bool sc_address_set(struct sc_address *address, const char *host, const char *port);
bool sc_address_same(const struct sc_address *a, const struct sc_address *b);
/* May be given back again, or set anew. */
void sc_address_deinit(struct sc_address *address);

#endif
