/*
 * web_push: a message to one browser, encrypted so that the push service between can't read it.
 *
 * RFC 8291 (keys) over RFC 8188 (aes128gcm, one record). Bytes in, bytes out: knows neither HTTP
 * nor who the browser is.
 */
#ifndef FCGI_WEB_PUSH_H
#define FCGI_WEB_PUSH_H

#include <stdbool.h>
#include <stddef.h>

#include "p256.h"

enum {
    WEB_PUSH_AUTH_BYTES = 16,
    WEB_PUSH_SALT_BYTES = 16,
    WEB_PUSH_RECORD = 4096, /* what every push service takes (RFC 8030 section 7.2) */
    WEB_PUSH_HEAD_BYTES = WEB_PUSH_SALT_BYTES + 4 + 1 + P256_POINT_BYTES,
    WEB_PUSH_TEXT_MAX = WEB_PUSH_RECORD - WEB_PUSH_HEAD_BYTES - 1 - 16
};

/* What a browser has told: its public key and its secret (RFC 8291 section 3.2). */
struct web_push_peer {
    unsigned char point[P256_POINT_BYTES];
    unsigned char auth[WEB_PUSH_AUTH_BYTES];
};

/* From base64url, with or without padding. False when these are no such keys. */
bool web_push_peer_read(struct web_push_peer *peer, const char *p256dh, const char *auth);

/* Encrypts `text` of at most WEB_PUSH_TEXT_MAX bytes; the body's length, 0: it can't be done. */
size_t web_push_encrypt(const struct web_push_peer *peer, const char *text, size_t bytes,
                        unsigned char body_out[WEB_PUSH_RECORD]);
/* The same with a given key and salt, which must never be used twice: for tests. */
size_t web_push_encrypt_with(const struct web_push_peer *peer, EVP_PKEY *own,
                             const unsigned char salt[WEB_PUSH_SALT_BYTES], const char *text,
                             size_t bytes, unsigned char body_out[WEB_PUSH_RECORD]);

#endif
