/*
 * token: ids, session tokens, and tickets for opening a WebSocket.
 *
 * A session token reads USER.SESSION.SECRET: two ids and 256 random bits in base64url without
 * padding. A ticket is such a secret alone. Only the hash of a secret is ever stored.
 */
#ifndef STONECHAT_TOKEN_H
#define STONECHAT_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include <stonechat/limits.h>

enum { SC_HASH_CHARS = 64, SC_SECRET_CHARS = 43 };

/* What a presented token says; it proves nothing until Redis has confirmed the hash. */
struct sc_token {
    char user[SC_ID_MAX + 1];
    char session[SC_ID_MAX + 1];
    char hash[SC_HASH_CHARS + 1]; /* BLAKE2b-256 of the secret's characters, hexadecimal */
};

/* A fresh id of 16 characters of [a-z0-9] (82 random bits). */
void sc_id_new(char out[SC_ID_MAX + 1]);
bool sc_id_valid(const char *id, size_t bytes);
/* 8 to 64 of [A-Za-z0-9_-]: a message's `key`. */
bool sc_key_valid(const char *key, size_t bytes);

/* Makes a secret: its characters into `text`, `USER.SESSION.SECRET`, and its hash into `token`,
 * whose user and session are given. */
void sc_token_new(struct sc_token *token, char text[SC_TOKEN_MAX + 1]);
/* Reads a presented token; false when it has not the form of one. */
bool sc_token_read(const char *text, size_t bytes, struct sc_token *out);

/* A ticket is a secret alone, and is stored under its hash. */
void sc_ticket_new(char text[SC_TOKEN_MAX + 1], char hash[SC_HASH_CHARS + 1]);
bool sc_ticket_read(const char *text, size_t bytes, char hash[SC_HASH_CHARS + 1]);

#endif
