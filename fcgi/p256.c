/*
 * p256: from raw bytes to OpenSSL's keys and back.
 */
#include "p256.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

static const char CURVE[] = "prime256v1";

EVP_PKEY *p256_new(void) {
    return EVP_EC_gen(CURVE);
}

/* `number` NULL: a public key alone. */
static EVP_PKEY *from_parts(const unsigned char point[P256_POINT_BYTES], const BIGNUM *number) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    bool good =
        parts != NULL && context != NULL &&
        OSSL_PARAM_BLD_push_utf8_string(parts, OSSL_PKEY_PARAM_GROUP_NAME, CURVE, 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(parts, OSSL_PKEY_PARAM_PUB_KEY, point, P256_POINT_BYTES) ==
            1 &&
        (number == NULL || OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_PRIV_KEY, number) == 1);
    OSSL_PARAM *params = good ? OSSL_PARAM_BLD_to_param(parts) : NULL;
    if (params == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, number ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) !=
            1) {
        key = NULL;
    }
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(parts);
    EVP_PKEY_CTX_free(context);
    ERR_clear_error();
    return key;
}

static bool is_point(const unsigned char point[P256_POINT_BYTES]) {
    EC_GROUP *curve = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *place = EC_POINT_new(curve);
    bool good = EC_POINT_oct2point(curve, place, point, P256_POINT_BYTES, NULL) == 1 &&
                EC_POINT_is_on_curve(curve, place, NULL) == 1;
    EC_POINT_free(place);
    EC_GROUP_free(curve);
    ERR_clear_error();
    return good;
}

EVP_PKEY *p256_from_public(const unsigned char point[P256_POINT_BYTES]) {
    return point[0] == POINT_CONVERSION_UNCOMPRESSED && is_point(point) ? from_parts(point, NULL)
                                                                        : NULL;
}

EVP_PKEY *p256_from_private(const unsigned char number[P256_NUMBER_BYTES]) {
    unsigned char point[P256_POINT_BYTES];
    EC_GROUP *curve = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *place = EC_POINT_new(curve);
    BIGNUM *factor = BN_secure_new();
    bool good = BN_bin2bn(number, P256_NUMBER_BYTES, factor) != NULL && !BN_is_zero(factor) &&
                BN_cmp(factor, EC_GROUP_get0_order(curve)) < 0 &&
                EC_POINT_mul(curve, place, factor, NULL, NULL, NULL) == 1 &&
                EC_POINT_point2oct(curve, place, POINT_CONVERSION_UNCOMPRESSED, point, sizeof point,
                                   NULL) == sizeof point;
    EVP_PKEY *key = good ? from_parts(point, factor) : NULL;
    BN_clear_free(factor);
    EC_POINT_free(place);
    EC_GROUP_free(curve);
    return key;
}

bool p256_public(EVP_PKEY *key, unsigned char point_out[P256_POINT_BYTES]) {
    size_t bytes = 0;
    return EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point_out,
                                           P256_POINT_BYTES, &bytes) == 1 &&
           bytes == P256_POINT_BYTES;
}

bool p256_private(EVP_PKEY *key, unsigned char number_out[P256_NUMBER_BYTES]) {
    BIGNUM *number = NULL;
    bool good = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1 &&
                BN_bn2binpad(number, number_out, P256_NUMBER_BYTES) == P256_NUMBER_BYTES;
    BN_clear_free(number);
    return good;
}

bool p256_agree(EVP_PKEY *own, EVP_PKEY *peer, unsigned char secret_out[P256_NUMBER_BYTES]) {
    size_t bytes = P256_NUMBER_BYTES;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(own, NULL);
    bool good = context != NULL && EVP_PKEY_derive_init(context) == 1 &&
                EVP_PKEY_derive_set_peer(context, peer) == 1 &&
                EVP_PKEY_derive(context, secret_out, &bytes) == 1 && bytes == P256_NUMBER_BYTES;
    EVP_PKEY_CTX_free(context);
    ERR_clear_error();
    return good;
}
