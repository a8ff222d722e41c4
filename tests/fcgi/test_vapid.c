/* vapid: the token of RFC 8292, and the site's key as text and back. */
#include "suite.h"

#include <jansson.h>
#include <openssl/ec.h>
#include <sodium.h>

#include "vapid.h"

#define NOW_S 1790000000

static EVP_PKEY *made(void) {
    char text[VAPID_PRIVATE_CHARS];
    assert_true(vapid_key_new(text));
    EVP_PKEY *key = vapid_key_read(text);
    assert_non_null(key);
    return key;
}

static size_t decoded(const char *text, size_t chars, unsigned char *out, size_t most) {
    size_t bytes = 0;
    assert_int_equal(sodium_base642bin(out, most, text, chars, NULL, &bytes, NULL,
                                       sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                     0);
    return bytes;
}

/* Whether the two halves of a JWS signature are one by `key`. */
static bool is_signed(EVP_PKEY *key, const char *text, size_t bytes,
                      const unsigned char signature[64]) {
    unsigned char *der = NULL;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    ECDSA_SIG_set0(pair, BN_bin2bn(signature, 32, NULL), BN_bin2bn(signature + 32, 32, NULL));
    int der_bytes = i2d_ECDSA_SIG(pair, &der);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key);
    bool good =
        EVP_DigestVerify(context, der, (size_t)der_bytes, (const unsigned char *)text, bytes) == 1;
    EVP_MD_CTX_free(context);
    ECDSA_SIG_free(pair);
    OPENSSL_free(der);
    return good;
}

static json_t *claims_of(const char *token) {
    unsigned char text[1024];
    const char *second = strchr(token, '.') + 1;
    size_t bytes = decoded(second, strcspn(second, "."), text, sizeof text);
    json_t *claims = json_loadb((const char *)text, bytes, 0, NULL);
    assert_non_null(claims);
    return claims;
}

static void a_token_is_signed_by_the_key_that_it_names(void **state) {
    (void)state;
    static const char scheme[] = "vapid t=";
    unsigned char signature[64], point[P256_POINT_BYTES], own[P256_POINT_BYTES];
    EVP_PKEY *key = made();
    char *value = vapid_authorization(key, "https://push.example", "mailto:a@b.example", NOW_S);
    assert_memory_equal(value, scheme, strlen(scheme));
    const char *token = value + strlen(scheme), *dot = strrchr(token, '.');
    const char *comma = strchr(token, ',');
    assert_int_equal(decoded(dot + 1, (size_t)(comma - dot - 1), signature, 64), 64);
    assert_true(is_signed(key, token, (size_t)(dot - token), signature));
    assert_memory_equal(comma, ", k=", 4);
    assert_int_equal(decoded(comma + 4, strlen(comma + 4), point, sizeof point), sizeof point);
    assert_true(p256_public(key, own));
    assert_memory_equal(point, own, sizeof own);
    free(value);
    EVP_PKEY_free(key);
}

static void it_says_to_whom_and_until_when(void **state) {
    (void)state;
    EVP_PKEY *key = made();
    char *value =
        vapid_authorization(key, "https://push.example:8443", "mailto:a@b.example", NOW_S);
    json_t *claims = claims_of(value);
    json_int_t exp = json_integer_value(json_object_get(claims, "exp"));
    assert_string_equal(json_string_value(json_object_get(claims, "aud")),
                        "https://push.example:8443");
    assert_string_equal(json_string_value(json_object_get(claims, "sub")), "mailto:a@b.example");
    assert_true(exp > NOW_S && exp <= NOW_S + 24 * 60 * 60);
    json_decref(claims);
    free(value);
    EVP_PKEY_free(key);
}

static void a_site_that_names_no_contact_claims_none(void **state) {
    (void)state;
    EVP_PKEY *key = made();
    char *value = vapid_authorization(key, "https://push.example", "", NOW_S);
    json_t *claims = claims_of(value);
    assert_null(json_object_get(claims, "sub"));
    json_decref(claims);
    free(value);
    EVP_PKEY_free(key);
}

/* The example of RFC 8291 appendix A: a private key and the public one that belongs to it. */
static void a_private_key_brings_its_public_one(void **state) {
    (void)state;
    char text[VAPID_PUBLIC_CHARS];
    EVP_PKEY *key = vapid_key_read("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
    assert_true(vapid_key_public(key, text));
    assert_string_equal(text, "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tl"
                              "zAC8wEqKK6PBru3jl7A8");
    EVP_PKEY_free(key);
}

static void what_is_no_key_is_none(void **state) {
    (void)state;
    static const char *const wrong[] = {"", "!", "yfWPiYE", /* short, zero, beyond the order */
                                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                        "__________________________________________8"};
    for (size_t i = 0; i < ROWS(wrong); i++) {
        assert_case(vapid_key_read(wrong[i]) == NULL, wrong[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_signed_by_the_key_that_it_names),
        cmocka_unit_test(it_says_to_whom_and_until_when),
        cmocka_unit_test(a_site_that_names_no_contact_claims_none),
        cmocka_unit_test(a_private_key_brings_its_public_one),
        cmocka_unit_test(what_is_no_key_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
