/*
 * push_address: where a browser may have us send to.
 *
 * The address of a push service comes from the client, and we connect to it from inside the site's
 * own network: without these checks anybody could have us knock at what only we can reach. The URL
 * is looked at when it is given, the address that its name stands for at each connecting.
 */
#ifndef FCGI_PUSH_ADDRESS_H
#define FCGI_PUSH_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/socket.h>

enum { PUSH_URL_MAX = 1024, PUSH_ORIGIN_MAX = PUSH_URL_MAX };

/* Whether `url` is https (`loose`: or http), with a host and neither user nor password; then
 * `origin_out` is its scheme, host and port, where that isn't the scheme's own. */
bool push_url_read(const char *url, bool loose, char origin_out[PUSH_ORIGIN_MAX]);

/* Whether that is a host anybody on the Internet can reach: nothing private, local or reserved. */
bool push_address_is_public(const struct sockaddr *address);

#endif
