/*
 * jwt: a token from anybody, and what would be read of one if its signature were good.
 *
 * First the bytes as a token: nobody without the secret makes one that is FINE. Then as claims that
 * are signed for them: what is FINE keeps to the rules.
 */
#include "fuzz.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stonechat/memory.h>
#include <stonechat/text.h>

#include "jwt.h"

#define SECRET "a secret that the fuzzer can't know"

enum { NOW = 1790000000, FORM = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

static const struct jwt_terms *terms(void) {
    static struct sc_settings settings;
    static struct jwt_terms made;
    char fault[256];
    if (made.secret == NULL) {
        sc_settings_init(&settings);
        demand(sc_settings_set(&settings, "accounts.jwt_alg=HS256", fault, sizeof fault));
        demand(sc_settings_set(&settings, "accounts.jwt_key=" SECRET, fault, sizeof fault));
        demand(jwt_init(&made, &settings) == NULL);
    }
    return &made;
}

static void append(char *token, const void *bytes, size_t count) {
    size_t at = strlen(token);
    sodium_bin2base64(token + at, sodium_base64_ENCODED_LEN(count, FORM), bytes, count, FORM);
}

static char *sign(const uint8_t *data, size_t size) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned mac_bytes;
    char *token = sc_xcalloc(1, 2 * size + 256);
    append(token, "{\"alg\":\"HS256\"}", 15);
    strcat(token, ".");
    append(token, data, size);
    HMAC(EVP_sha256(), SECRET, sizeof SECRET - 1, (const unsigned char *)token, strlen(token), mac,
         &mac_bytes);
    strcat(token, ".");
    append(token, mac, mac_bytes);
    return token;
}

static void judge(const struct jwt_claims *claims) {
    size_t bytes = strlen(claims->subject);
    demand(bytes > 0 && sc_utf8_length(claims->subject, bytes) <= JWT_SUBJECT_CHARS);
    demand(sc_utf8_length(claims->name, strlen(claims->name)) <= JWT_TEXT_CHARS);
    demand(strpbrk(claims->name, "\r\n\x1b") == NULL);
    demand(claims->expires_at_s > NOW - 10 && claims->expires_at_s <= NOW + 10 + 3600);
    demand(strlen(claims->owner) == SC_HASH_CHARS && strlen(claims->once) == SC_HASH_CHARS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct jwt_claims claims;
    demand(jwt_verify(terms(), (const char *)data, size, NOW, &claims) != JWT_FINE);
    char *token = sign(data, size);
    if (jwt_verify(terms(), token, strlen(token), NOW, &claims) == JWT_FINE) {
        judge(&claims);
        jwt_claims_deinit(&claims);
    }
    free(token);
    return 0;
}
