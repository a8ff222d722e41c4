/*
 * token: the random parts and the reading of ids, tokens and tickets (include/stonechat/token.h).
 *
 * libsodium gives the random bytes and the hash. A reader here only says whether something has the
 * form of a token; what it is worth is asked of Redis by its hash.
 */
#include <stonechat/token.h>

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>

enum { SECRET_BYTES = 32, ID_CHARS = 16 };

static void start_sodium(void) {
    if (sodium_init() < 0) {
        sc_log(SC_LOG_ERROR, "no_random_source", NULL);
        abort();
    }
}

static void need_sodium(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_sodium);
}

void sc_id_new(char out[SC_ID_MAX + 1]) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    enum { LETTERS = sizeof letters - 1, FAIR = 256 / LETTERS * LETTERS };
    need_sodium();
    size_t made = 0;
    while (made < ID_CHARS) {
        unsigned char random[ID_CHARS + 4];
        randombytes_buf(random, sizeof random);
        for (size_t i = 0; i < sizeof random && made < ID_CHARS; i++) {
            if (random[i] < FAIR) {
                out[made++] = letters[random[i] % LETTERS];
            }
        }
    }
    out[made] = '\0';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_id_char(char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c);
}

static bool is_key_char(char c) {
    return is_id_char(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

static bool all(bool (*is)(char), const char *text, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        if (!is(text[i])) {
            return false;
        }
    }
    return true;
}

bool sc_id_valid(const char *id, size_t bytes) {
    return bytes >= 1 && bytes <= SC_ID_MAX && all(is_id_char, id, bytes);
}

bool sc_key_valid(const char *key, size_t bytes) {
    return bytes >= SC_KEY_MIN && bytes <= SC_KEY_MAX && all(is_key_char, key, bytes);
}

static void hash_secret(const char *secret, char hash[SC_HASH_CHARS + 1]) {
    unsigned char digest[SC_HASH_CHARS / 2];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)secret, SC_SECRET_CHARS, NULL,
                       0);
    sodium_bin2hex(hash, SC_HASH_CHARS + 1, digest, sizeof digest);
}

static void secret_new(char text[SC_SECRET_CHARS + 1], char hash[SC_HASH_CHARS + 1]) {
    unsigned char random[SECRET_BYTES];
    need_sodium();
    randombytes_buf(random, sizeof random);
    sodium_bin2base64(text, SC_SECRET_CHARS + 1, random, sizeof random,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    hash_secret(text, hash);
    sodium_memzero(random, sizeof random);
}

/* One text for one secret: the decoder refuses padding and loose bits at the end. Its alphabet has
 * to be seen to here, for libsodium 1.0.18 takes any byte from 0x80 on for a letter. */
static bool secret_read(const char *text, size_t bytes, char hash[SC_HASH_CHARS + 1]) {
    unsigned char decoded[SECRET_BYTES];
    need_sodium();
    if (bytes != SC_SECRET_CHARS || !all(is_key_char, text, bytes) ||
        sodium_base642bin(decoded, sizeof decoded, text, bytes, NULL, NULL, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
        return false;
    }
    hash_secret(text, hash);
    sodium_memzero(decoded, sizeof decoded);
    return true;
}

void sc_token_new(struct sc_token *token, char text[SC_TOKEN_MAX + 1]) {
    char secret[SC_SECRET_CHARS + 1];
    secret_new(secret, token->hash);
    snprintf(text, SC_TOKEN_MAX + 1, "%s.%s.%s", token->user, token->session, secret);
    sodium_memzero(secret, sizeof secret);
}

/* Reads an id that ends in a dot; what follows the dot, or NULL. */
static const char *id_read(const char *text, const char *end, char out[SC_ID_MAX + 1]) {
    const char *dot = memchr(text, '.', (size_t)(end - text));
    if (dot == NULL || !sc_id_valid(text, (size_t)(dot - text))) {
        return NULL;
    }
    memcpy(out, text, (size_t)(dot - text));
    out[dot - text] = '\0';
    return dot + 1;
}

bool sc_token_read(const char *text, size_t bytes, struct sc_token *out) {
    const char *end = text + bytes;
    const char *session = id_read(text, end, out->user);
    const char *secret = session == NULL ? NULL : id_read(session, end, out->session);
    return secret != NULL && secret_read(secret, (size_t)(end - secret), out->hash);
}

void sc_ticket_new(char text[SC_TOKEN_MAX + 1], char hash[SC_HASH_CHARS + 1]) {
    secret_new(text, hash);
}

bool sc_ticket_read(const char *text, size_t bytes, char hash[SC_HASH_CHARS + 1]) {
    return secret_read(text, bytes, hash);
}
