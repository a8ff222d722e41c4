/*
 * web_push: the derivation of RFC 8291 section 3.4, step by step, and one record of RFC 8188.
 *
 * Each HKDF here wants 32 bytes at most, so that its expansion is one HMAC (RFC 5869 section 2.3).
 */
#include "web_push.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <sodium.h>

enum { HASH_BYTES = 32, KEY_BYTES = 16, NONCE_BYTES = 12, TAG_BYTES = 16, INFO_MAX = 160 };

static bool read_exactly(const char *text, unsigned char *out, size_t bytes) {
    size_t got = 0, length = strlen(text);
    while (length > 0 && text[length - 1] == '=') {
        length--;
    }
    return sodium_base642bin(out, bytes, text, length, NULL, &got, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           got == bytes;
}

bool web_push_peer_read(struct web_push_peer *peer, const char *p256dh, const char *auth) {
    if (!read_exactly(p256dh, peer->point, sizeof peer->point) ||
        !read_exactly(auth, peer->auth, sizeof peer->auth)) {
        return false;
    }
    EVP_PKEY *key = p256_from_public(peer->point);
    EVP_PKEY_free(key);
    return key != NULL;
}

static void hash(const unsigned char *key, size_t key_bytes, const unsigned char *text,
                 size_t bytes, unsigned char out[HASH_BYTES]) {
    HMAC(EVP_sha256(), key, (int)key_bytes, text, bytes, out, NULL);
}

/* HKDF-Expand: `info` with the counter behind it. */
static void expand(const unsigned char secret[HASH_BYTES], const unsigned char *info, size_t bytes,
                   unsigned char *out, size_t out_bytes) {
    unsigned char text[INFO_MAX], block[HASH_BYTES];
    memcpy(text, info, bytes);
    text[bytes] = 1;
    hash(secret, HASH_BYTES, text, bytes + 1, block);
    memcpy(out, block, out_bytes);
    OPENSSL_cleanse(block, sizeof block);
}

/* The input keying material, of which sender and browser are part. */
static bool key_material(const struct web_push_peer *peer, EVP_PKEY *own,
                         const unsigned char own_point[P256_POINT_BYTES],
                         unsigned char out[HASH_BYTES]) {
    static const char label[] = "WebPush: info"; /* its NUL is part of it */
    unsigned char secret[P256_NUMBER_BYTES], key[HASH_BYTES];
    unsigned char info[sizeof label + 2 * P256_POINT_BYTES];
    EVP_PKEY *theirs = p256_from_public(peer->point);
    bool good = theirs != NULL && p256_agree(own, theirs, secret);
    EVP_PKEY_free(theirs);
    if (good) {
        memcpy(info, label, sizeof label);
        memcpy(info + sizeof label, peer->point, P256_POINT_BYTES);
        memcpy(info + sizeof label + P256_POINT_BYTES, own_point, P256_POINT_BYTES);
        hash(peer->auth, sizeof peer->auth, secret, sizeof secret, key);
        expand(key, info, sizeof info, out, HASH_BYTES);
    }
    OPENSSL_cleanse(secret, sizeof secret);
    OPENSSL_cleanse(key, sizeof key);
    return good;
}

/* Salt, record size, and the sender's key as `keyid` (RFC 8188 section 2.1). */
static void write_head(unsigned char *body, const unsigned char salt[WEB_PUSH_SALT_BYTES],
                       const unsigned char own_point[P256_POINT_BYTES]) {
    static const unsigned char size[4] = {0, 0, WEB_PUSH_RECORD >> 8, 0};
    memcpy(body, salt, WEB_PUSH_SALT_BYTES);
    memcpy(body + WEB_PUSH_SALT_BYTES, size, sizeof size);
    body[WEB_PUSH_SALT_BYTES + sizeof size] = P256_POINT_BYTES;
    memcpy(body + WEB_PUSH_HEAD_BYTES - P256_POINT_BYTES, own_point, P256_POINT_BYTES);
}

/* The text and the byte 2, which says that it is the last record; then the tag. */
static bool seal(const unsigned char key[KEY_BYTES], const unsigned char nonce[NONCE_BYTES],
                 const char *text, size_t bytes, unsigned char *out) {
    static const unsigned char last = 2;
    int done = 0, more = 0;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool good =
        context != NULL && EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, key, nonce) == 1 &&
        EVP_EncryptUpdate(context, out, &done, (const unsigned char *)text, (int)bytes) == 1 &&
        EVP_EncryptUpdate(context, out + done, &more, &last, 1) == 1 &&
        EVP_EncryptFinal_ex(context, out + done + more, &(int){0}) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, out + bytes + 1) == 1;
    EVP_CIPHER_CTX_free(context);
    return good;
}

size_t web_push_encrypt_with(const struct web_push_peer *peer, EVP_PKEY *own,
                             const unsigned char salt[WEB_PUSH_SALT_BYTES], const char *text,
                             size_t bytes, unsigned char body_out[WEB_PUSH_RECORD]) {
    static const char key_info[] = "Content-Encoding: aes128gcm";
    static const char nonce_info[] = "Content-Encoding: nonce";
    unsigned char own_point[P256_POINT_BYTES], material[HASH_BYTES], secret[HASH_BYTES];
    unsigned char key[KEY_BYTES], nonce[NONCE_BYTES];
    if (bytes > WEB_PUSH_TEXT_MAX || !p256_public(own, own_point) ||
        !key_material(peer, own, own_point, material)) {
        return 0;
    }
    hash(salt, WEB_PUSH_SALT_BYTES, material, sizeof material, secret);
    expand(secret, (const unsigned char *)key_info, sizeof key_info, key, sizeof key);
    expand(secret, (const unsigned char *)nonce_info, sizeof nonce_info, nonce, sizeof nonce);
    write_head(body_out, salt, own_point);
    bool good = seal(key, nonce, text, bytes, body_out + WEB_PUSH_HEAD_BYTES);
    OPENSSL_cleanse(material, sizeof material);
    OPENSSL_cleanse(secret, sizeof secret);
    OPENSSL_cleanse(key, sizeof key);
    return good ? WEB_PUSH_HEAD_BYTES + bytes + 1 + TAG_BYTES : 0;
}

size_t web_push_encrypt(const struct web_push_peer *peer, const char *text, size_t bytes,
                        unsigned char body_out[WEB_PUSH_RECORD]) {
    unsigned char salt[WEB_PUSH_SALT_BYTES];
    EVP_PKEY *own = p256_new();
    randombytes_buf(salt, sizeof salt);
    size_t length = own ? web_push_encrypt_with(peer, own, salt, text, bytes, body_out) : 0;
    EVP_PKEY_free(own);
    return length;
}
