/*
 * vapid: how this site shows a push service who it is (RFC 8292): a token signed with the site's
 * own key (ES256), whose public half browsers were given when they subscribed.
 *
 * Knows nothing of where the key is kept (push_key.h).
 */
#ifndef FCGI_VAPID_H
#define FCGI_VAPID_H

#include <stdint.h>

#include "p256.h"

/* Of a raw number or point in base64url without padding, its NUL included. */
enum { VAPID_PRIVATE_CHARS = 44, VAPID_PUBLIC_CHARS = 88 };

/* The value of `Authorization` for a push service of `origin` (scheme, host, port); freed by the
 * caller, NULL when it can't be made. `contact` (mailto: or https:) may be "". */
char *vapid_authorization(EVP_PKEY *key, const char *origin, const char *contact, int64_t now_s);

/* Makes a key; reads one that was made. */
bool vapid_key_new(char private_out[VAPID_PRIVATE_CHARS]);
EVP_PKEY *vapid_key_read(const char *private_text);
/* As browsers want it for `applicationServerKey`. */
bool vapid_key_public(EVP_PKEY *key, char out[VAPID_PUBLIC_CHARS]);

#endif
