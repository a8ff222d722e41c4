/*
 * p256: keys on the curve P-256, as Web Push wants them: raw, a point as 65 bytes (0x04, x, y) and
 * a private key as the 32 bytes of its number.
 *
 * Used by web_push (a fresh key for each message) and by vapid (the site's own). Knows of neither.
 */
#ifndef FCGI_P256_H
#define FCGI_P256_H

#include <stdbool.h>

#include <openssl/evp.h>

enum { P256_POINT_BYTES = 65, P256_NUMBER_BYTES = 32 };

/* Each NULL when it can't be made; given back with EVP_PKEY_free. */
EVP_PKEY *p256_new(void);
EVP_PKEY *p256_from_private(const unsigned char number[P256_NUMBER_BYTES]);
/* NULL, too, for 65 bytes that are no point of the curve. */
EVP_PKEY *p256_from_public(const unsigned char point[P256_POINT_BYTES]);

bool p256_public(EVP_PKEY *key, unsigned char point_out[P256_POINT_BYTES]);
bool p256_private(EVP_PKEY *key, unsigned char number_out[P256_NUMBER_BYTES]);
/* What both sides arrive at (ECDH). */
bool p256_agree(EVP_PKEY *own, EVP_PKEY *peer, unsigned char secret_out[P256_NUMBER_BYTES]);

#endif
