/*
 * origin: whether a request that changes something was made by our own pages.
 *
 * A browser sends the cookie along with whatever another site makes it send, so a request that the
 * cookie authorises must prove where it came from: by Sec-Fetch-Site (Fetch Metadata) or Origin
 * (RFC 6454), which no page can forge. A token in the Authorization header was put there on
 * purpose, which is proof enough.
 */
#ifndef FCGI_ORIGIN_H
#define FCGI_ORIGIN_H

#include <stonechat/error.h>

#include "request.h"

enum credentials { CREDENTIALS_NONE, CREDENTIALS_COOKIE, CREDENTIALS_BEARER };

/* SC_OK or SC_CROSS_SITE. */
enum sc_error origin_check(const struct request *request, enum credentials by);

#endif
