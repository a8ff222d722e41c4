/*
 * vapid: a JWT of fixed form, signed; and the key as text.
 */
#include "vapid.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <sodium.h>
#include <stonechat/memory.h>

enum {
    LIFE_S = 12 * 60 * 60, /* RFC 8292 section 2: a day at most, and clocks differ */
    SIGNATURE_BYTES = 64,
    DER_MAX = 80,
    BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING
};

/* Freed by the caller. */
static char *encoded(const void *bytes, size_t count) {
    size_t chars = sodium_base64_ENCODED_LEN(count, BASE64);
    return sodium_bin2base64(sc_xmalloc(chars), chars, bytes, count, BASE64);
}

static char *claims(const char *origin, const char *contact, int64_t now_s) {
    json_t *claim = json_pack("{s:s,s:I}", "aud", origin, "exp", (json_int_t)now_s + LIFE_S);
    if (contact[0] != '\0') {
        json_object_set_new(claim, "sub", json_string(contact));
    }
    char *text = json_dumps(claim, JSON_COMPACT);
    char *code = encoded(text, strlen(text));
    json_decref(claim);
    free(text);
    return code;
}

/* From OpenSSL's form of a signature to that of JWS (RFC 7518 section 3.4): r and s, side by side.
 */
static bool flatten(const unsigned char *der, size_t bytes, unsigned char out[SIGNATURE_BYTES]) {
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)bytes);
    bool good =
        pair != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, SIGNATURE_BYTES / 2) > 0 &&
        BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + SIGNATURE_BYTES / 2, SIGNATURE_BYTES / 2) > 0;
    ECDSA_SIG_free(pair);
    return good;
}

static bool sign(EVP_PKEY *key, const char *text, unsigned char out[SIGNATURE_BYTES]) {
    unsigned char der[DER_MAX];
    size_t bytes = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good =
        context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
        EVP_DigestSign(context, der, &bytes, (const unsigned char *)text, strlen(text)) == 1 &&
        flatten(der, bytes, out);
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return good;
}

char *vapid_authorization(EVP_PKEY *key, const char *origin, const char *contact, int64_t now_s) {
    static const char head[] = "{\"typ\":\"JWT\",\"alg\":\"ES256\"}";
    char public_text[VAPID_PUBLIC_CHARS];
    unsigned char signature[SIGNATURE_BYTES];
    char *first = encoded(head, sizeof head - 1), *second = claims(origin, contact, now_s);
    char *input = sc_xasprintf("%s.%s", first, second), *value = NULL;
    if (vapid_key_public(key, public_text) && sign(key, input, signature)) {
        char *third = encoded(signature, sizeof signature);
        value = sc_xasprintf("vapid t=%s.%s, k=%s", input, third, public_text);
        free(third);
    }
    free(input);
    free(second);
    free(first);
    return value;
}

bool vapid_key_new(char private_out[VAPID_PRIVATE_CHARS]) {
    unsigned char number[P256_NUMBER_BYTES];
    EVP_PKEY *key = p256_new();
    bool good = key != NULL && p256_private(key, number);
    if (good) {
        sodium_bin2base64(private_out, VAPID_PRIVATE_CHARS, number, sizeof number, BASE64);
    }
    OPENSSL_cleanse(number, sizeof number);
    EVP_PKEY_free(key);
    return good;
}

EVP_PKEY *vapid_key_read(const char *private_text) {
    unsigned char number[P256_NUMBER_BYTES];
    size_t bytes = 0;
    bool good = sodium_base642bin(number, sizeof number, private_text, strlen(private_text), NULL,
                                  &bytes, NULL, BASE64) == 0 &&
                bytes == sizeof number;
    EVP_PKEY *key = good ? p256_from_private(number) : NULL;
    OPENSSL_cleanse(number, sizeof number);
    return key;
}

bool vapid_key_public(EVP_PKEY *key, char out[VAPID_PUBLIC_CHARS]) {
    unsigned char point[P256_POINT_BYTES];
    bool good = p256_public(key, point);
    if (good) {
        sodium_bin2base64(out, VAPID_PUBLIC_CHARS, point, sizeof point, BASE64);
    }
    return good;
}
