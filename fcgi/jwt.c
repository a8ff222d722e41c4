/*
 * jwt: first the signature, then what was signed.
 *
 * Called by host for `POST /sessions {jwt}`. Nothing of a token is believed before its signature
 * has been seen to: of its header only `alg` is read, to be held against the one that the settings
 * pin, and `crit` and `typ`, which may only refuse it. So neither `none` nor a public key taken for
 * a secret gets anywhere, and no header (`jwk`, `jku`, `x5u`, `kid`) says where a key comes from.
 * OpenSSL does the arithmetic; this file knows neither Redis nor accounts nor clocks.
 */
#include "jwt.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <sodium.h>
#include <stonechat/json.h>
#include <stonechat/limits.h>
#include <stonechat/memory.h>
#include <stonechat/text.h>

enum { RSA_BITS_MIN = 2048, HMAC_BYTES = 32 };

const char *jwt_fault_word(enum jwt_fault fault) {
    static const char *const words[JWT_FAULT_COUNT] = {
#define X(name, word) [JWT_##name] = word,
        JWT_FAULTS(X)
#undef X
    };
    return words[fault];
}

struct part {
    const char *text;
    size_t bytes;
};

struct bytes {
    unsigned char *data; /* NUL-terminated besides */
    size_t count;
};

static bool verify_hmac(const struct jwt_terms *terms, const struct part *input,
                        const struct bytes *signature) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned mac_bytes = 0;
    return HMAC(EVP_sha256(), terms->secret, (int)strlen(terms->secret),
                (const unsigned char *)input->text, input->bytes, mac, &mac_bytes) != NULL &&
           mac_bytes == HMAC_BYTES && signature->count == HMAC_BYTES &&
           CRYPTO_memcmp(mac, signature->data, HMAC_BYTES) == 0;
}

static bool verify_by_key(const struct jwt_terms *terms, const EVP_MD *digest,
                          const struct part *input, const struct bytes *signature) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context != NULL &&
                EVP_DigestVerifyInit(context, NULL, digest, NULL, terms->key) == 1 &&
                EVP_DigestVerify(context, signature->data, signature->count,
                                 (const unsigned char *)input->text, input->bytes) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return good;
}

static bool verify_rsa(const struct jwt_terms *terms, const struct part *input,
                       const struct bytes *signature) {
    return verify_by_key(terms, EVP_sha256(), input, signature);
}

static bool verify_eddsa(const struct jwt_terms *terms, const struct part *input,
                         const struct bytes *signature) {
    return verify_by_key(terms, NULL, input, signature);
}

static const struct algorithm {
    const char *word; /* of the setting and of `alg`, letter by letter (RFC 7515 section 4.1.1) */
    int key_type;     /* EVP_PKEY_NONE: a secret */
    bool (*verify)(const struct jwt_terms *terms, const struct part *input,
                   const struct bytes *signature);
} algorithms[] = {
    {"off", EVP_PKEY_NONE, NULL},
    {"HS256", EVP_PKEY_NONE, verify_hmac},
    {"RS256", EVP_PKEY_RSA, verify_rsa},
    {"EdDSA", EVP_PKEY_ED25519, verify_eddsa},
};

static size_t algorithm_find(const char *word) {
    size_t i = sizeof algorithms / sizeof *algorithms - 1;
    while (i > 0 && strcmp(algorithms[i].word, word) != 0) {
        i--;
    }
    return i;
}

static const char *read_key(struct jwt_terms *terms, const char *path) {
    int type = algorithms[terms->alg].key_type;
    BIO *file = BIO_new_file(path, "r");
    if (file == NULL) {
        ERR_clear_error();
        return "can't be read";
    }
    terms->key = PEM_read_bio_PUBKEY(file, NULL, NULL, NULL);
    BIO_free(file);
    ERR_clear_error();
    if (terms->key == NULL) {
        return "holds no public key in PEM";
    }
    if (EVP_PKEY_get_base_id(terms->key) != type) {
        return "is not a key of accounts.jwt_alg";
    }
    return type == EVP_PKEY_RSA && EVP_PKEY_get_bits(terms->key) < RSA_BITS_MIN
               ? "is an RSA key of less than 2048 bits"
               : NULL;
}

const char *jwt_init(struct jwt_terms *terms, const struct sc_settings *settings) {
    *terms = (struct jwt_terms){
        .alg = algorithm_find(settings->accounts_jwt_alg),
        .secret = settings->accounts_jwt_key,
        .audience = settings->accounts_jwt_audience,
        .issuer = settings->accounts_jwt_issuer,
        .leeway_s = settings->accounts_jwt_leeway_s,
        .max_age_s = settings->accounts_jwt_max_age_s,
    };
    bool has_key = algorithms[terms->alg].key_type != EVP_PKEY_NONE;
    return has_key ? read_key(terms, settings->accounts_jwt_key_file) : NULL;
}

void jwt_deinit(struct jwt_terms *terms) {
    EVP_PKEY_free(terms->key);
    *terms = (struct jwt_terms){.alg = 0};
}

bool jwt_is_on(const struct jwt_terms *terms) {
    return terms->alg != 0;
}

enum { HEADER, CLAIMS, SIGNATURE, PARTS };

static bool split(const char *token, size_t bytes, struct part parts[PARTS]) {
    const char *end = token + bytes;
    for (size_t i = 0; i < PARTS; i++) {
        const char *dot = memchr(token, '.', (size_t)(end - token));
        if ((dot == NULL) != (i == SIGNATURE)) {
            return false;
        }
        parts[i] = (struct part){token, (size_t)((dot == NULL ? end : dot) - token)};
        token = dot == NULL ? end : dot + 1;
    }
    return true;
}

/* Its alphabet has to be seen to here: libsodium 1.0.18 takes any byte from 0x80 on for a letter.
 * Padding and loose bits at the end it refuses, so that there is one text for one value. */
static bool is_base64url(const struct part *part) {
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t i = 0; i < part->bytes; i++) {
        if (memchr(letters, part->text[i], sizeof letters - 1) == NULL) {
            return false;
        }
    }
    return true;
}

static bool decode(const struct part *part, struct bytes *out) {
    *out = (struct bytes){.data = sc_xcalloc(1, part->bytes + 1)};
    return is_base64url(part) &&
           sodium_base642bin(out->data, part->bytes, part->text, part->bytes, NULL, &out->count,
                             NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

static json_t *decode_object(const struct part *part) {
    struct bytes bytes;
    json_t *object = decode(part, &bytes) ? sc_json_load_object((const char *)bytes.data,
                                                                bytes.count, SC_JSON_MEMBERS)
                                          : NULL;
    free(bytes.data);
    return object;
}

/* A token of another kind (an access token, `at+jwt`) was not made to sign anybody in. */
static bool is_of_our_type(const json_t *header) {
    const json_t *typ = json_object_get(header, "typ");
    return typ == NULL || (json_is_string(typ) && strcasecmp(json_string_value(typ), "JWT") == 0);
}

static enum jwt_fault check_header(const struct jwt_terms *terms, const struct part *part) {
    enum jwt_fault fault = JWT_FINE;
    json_t *header = decode_object(part);
    const char *alg = json_string_value(json_object_get(header, "alg"));
    if (header == NULL || !is_of_our_type(header)) {
        fault = JWT_HEADER;
    } else if (alg == NULL || strcmp(alg, algorithms[terms->alg].word) != 0) {
        fault = JWT_ALGORITHM;
    } else if (json_object_get(header, "crit") != NULL) {
        fault = JWT_CRITICAL;
    }
    json_decref(header);
    return fault;
}

static enum jwt_fault check_signature(const struct jwt_terms *terms,
                                      const struct part parts[PARTS]) {
    const char *begin = parts[HEADER].text;
    const struct part *claims = &parts[CLAIMS];
    const struct part input = {begin, (size_t)(claims->text + claims->bytes - begin)};
    struct bytes signature;
    bool good = decode(&parts[SIGNATURE], &signature) &&
                algorithms[terms->alg].verify(terms, &input, &signature);
    free(signature.data);
    return good ? JWT_FINE : JWT_SIGNATURE;
}

static const struct text_claim {
    const char *name;
    bool required;
    size_t most_chars;
    enum jwt_fault fault;
    size_t place;
} text_claims[] = {
    {"sub", true, JWT_SUBJECT_CHARS, JWT_SUBJECT, offsetof(struct jwt_claims, subject)},
    {"name", true, JWT_TEXT_CHARS, JWT_NAME, offsetof(struct jwt_claims, name)},
    {"display", false, JWT_TEXT_CHARS, JWT_DISPLAY, offsetof(struct jwt_claims, display)},
    {"iss", false, JWT_TEXT_CHARS, JWT_ISSUER, offsetof(struct jwt_claims, issuer)},
    {"jti", false, JWT_TEXT_CHARS, JWT_ID, offsetof(struct jwt_claims, id)},
};

static enum jwt_fault read_texts(struct jwt_claims *claims) {
    for (size_t i = 0; i < sizeof text_claims / sizeof *text_claims; i++) {
        const struct text_claim *row = &text_claims[i];
        const json_t *json = json_object_get(claims->root, row->name);
        const char *text = json_string_value(json);
        bool good = text != NULL && sc_text_check(SC_TEXT_LINE, text, json_string_length(json), 1,
                                                  row->most_chars, 0) == SC_TEXT_FINE;
        if (!good && (json != NULL || row->required)) {
            return row->fault;
        }
        *(const char **)((char *)claims + row->place) = text;
    }
    return JWT_FINE;
}

static enum jwt_fault check_issuer(const struct jwt_terms *terms, const struct jwt_claims *claims) {
    bool good = terms->issuer[0] == '\0' ||
                (claims->issuer != NULL && strcmp(claims->issuer, terms->issuer) == 0);
    return good ? JWT_FINE : JWT_ISSUER;
}

static bool is_text(const json_t *json, const char *text) {
    return json_is_string(json) && strcmp(json_string_value(json), text) == 0;
}

/* Whoever has no name may not take what is meant for somebody (RFC 7519 section 4.1.3). */
static enum jwt_fault check_audience(const struct jwt_terms *terms,
                                     const struct jwt_claims *claims) {
    const json_t *aud = json_object_get(claims->root, "aud");
    size_t index;
    json_t *one;
    bool meant = is_text(aud, terms->audience);
    json_array_foreach(aud, index, one) {
        if (!json_is_string(one)) {
            return JWT_AUDIENCE;
        }
        meant = meant || is_text(one, terms->audience);
    }
    bool good = terms->audience[0] == '\0' ? aud == NULL : meant;
    return good ? JWT_FINE : JWT_AUDIENCE;
}

/* A time that is not there is as good as `otherwise`; seconds since the epoch, whole ones only. */
static bool read_time(const struct jwt_claims *claims, const char *name, int64_t otherwise,
                      int64_t *out) {
    const json_t *json = json_object_get(claims->root, name);
    *out = json == NULL ? otherwise : json_integer_value(json);
    return json == NULL || json_is_integer(json);
}

static enum jwt_fault check_times(const struct jwt_terms *terms, int64_t now_s,
                                  struct jwt_claims *claims) {
    const int64_t soon = now_s + terms->leeway_s, just_now = now_s - terms->leeway_s;
    int64_t not_before, issued_at;
    if (json_object_get(claims->root, "exp") == NULL ||
        !read_time(claims, "exp", 0, &claims->expires_at_s) ||
        !read_time(claims, "nbf", now_s, &not_before) ||
        !read_time(claims, "iat", now_s, &issued_at)) {
        return JWT_TIMES;
    }
    return claims->expires_at_s <= just_now                 ? JWT_EXPIRED
           : claims->expires_at_s > soon + terms->max_age_s ? JWT_LASTING
           : not_before > soon || issued_at > soon          ? JWT_EARLY
           : issued_at < just_now - terms->max_age_s        ? JWT_OLD
                                                            : JWT_FINE;
}

/* Of texts without NUL, each with its own: no two pairs of texts are the same bytes. */
static void hash(const char *kind, const char *issuer, const struct part *text,
                 char out[SC_HASH_CHARS + 1]) {
    unsigned char digest[SC_HASH_CHARS / 2];
    crypto_generichash_state state;
    issuer = issuer == NULL ? "" : issuer;
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    crypto_generichash_update(&state, (const unsigned char *)kind, strlen(kind) + 1);
    crypto_generichash_update(&state, (const unsigned char *)issuer, strlen(issuer) + 1);
    crypto_generichash_update(&state, (const unsigned char *)text->text, text->bytes);
    crypto_generichash_final(&state, digest, sizeof digest);
    sodium_bin2hex(out, SC_HASH_CHARS + 1, digest, sizeof digest);
}

/* By the claims and not by all of the token, since one signature may have several forms. */
static void add_hashes(struct jwt_claims *claims, const struct part *part) {
    const struct part subject = {claims->subject, strlen(claims->subject)};
    hash("subject", claims->issuer, &subject, claims->owner);
    if (claims->id != NULL) {
        const struct part id = {claims->id, strlen(claims->id)};
        hash("id", claims->issuer, &id, claims->once);
    } else {
        hash("claims", claims->issuer, part, claims->once);
    }
}

static enum jwt_fault read_claims(const struct jwt_terms *terms, const struct part *part,
                                  int64_t now_s, struct jwt_claims *claims) {
    *claims = (struct jwt_claims){.root = decode_object(part), .verified_at_s = now_s};
    enum jwt_fault fault = claims->root == NULL ? JWT_CLAIMS : read_texts(claims);
    if (fault == JWT_FINE) {
        fault = check_issuer(terms, claims);
    }
    if (fault == JWT_FINE) {
        fault = check_audience(terms, claims);
    }
    if (fault == JWT_FINE) {
        fault = check_times(terms, now_s, claims);
    }
    if (fault == JWT_FINE) {
        add_hashes(claims, part);
    }
    return fault;
}

enum jwt_fault jwt_verify(const struct jwt_terms *terms, const char *token, size_t bytes,
                          int64_t now_s, struct jwt_claims *out) {
    struct part parts[PARTS];
    struct jwt_claims claims = {.root = NULL};
    if (bytes > JWT_MAX) {
        return JWT_LARGE;
    }
    if (!split(token, bytes, parts)) {
        return JWT_FORM;
    }
    enum jwt_fault fault = jwt_is_on(terms) ? check_header(terms, &parts[HEADER]) : JWT_ALGORITHM;
    if (fault == JWT_FINE) {
        fault = check_signature(terms, parts);
    }
    if (fault == JWT_FINE) {
        fault = read_claims(terms, &parts[CLAIMS], now_s, &claims);
    }
    if (fault == JWT_FINE) {
        *out = claims;
    } else {
        jwt_claims_deinit(&claims);
    }
    return fault;
}

void jwt_claims_deinit(struct jwt_claims *claims) {
    json_decref(claims->root);
    *claims = (struct jwt_claims){.root = NULL};
}
