/*
 * endpoint: where Redis is, as `redis.url` says it.
 *
 * unix:PATH, or redis://[USER:PASSWORD@]HOST[:PORT][/DB] with USER and PASSWORD percent-encoded
 * and an IPv6 HOST in square brackets.
 */
#ifndef STONECHAT_ENDPOINT_H
#define STONECHAT_ENDPOINT_H

#include <stdbool.h>

struct sc_endpoint {
    char *path; /* of a unix socket; NULL: host and port */
    char *host;
    int port;
    char *user;     /* NULL: the default user */
    char *password; /* NULL: none asked for */
    int database;
};

/* False when `url` has neither form; then there is nothing to give back. */
bool sc_endpoint_init(struct sc_endpoint *endpoint, const char *url);
void sc_endpoint_deinit(struct sc_endpoint *endpoint);

#endif
