/*
 * jwt: a signed token in which the host site vouches for its own user (RFC 7515, RFC 7519).
 *
 * The settings pin one algorithm and one key; what the token says of either is only held against
 * that. A token is HEADER.CLAIMS.SIGNATURE in base64url without padding, at most JWT_MAX bytes.
 */
#ifndef FCGI_JWT_H
#define FCGI_JWT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/settings.h>
#include <stonechat/token.h>

struct json_t;
struct evp_pkey_st;

enum { JWT_MAX = 8192, JWT_SUBJECT_CHARS = 128, JWT_TEXT_CHARS = 256 };

/* X(name, the word for it in the log): for whoever runs the site; a client is told of none. */
/* clang-format off */
#define JWT_FAULTS(X) \
    X(FINE,      "fine") \
    X(LARGE,     "too_large") \
    X(FORM,      "malformed") \
    X(HEADER,    "header") \
    X(ALGORITHM, "algorithm") \
    X(CRITICAL,  "critical_header") \
    X(SIGNATURE, "signature") \
    X(CLAIMS,    "claims") \
    X(SUBJECT,   "subject") \
    X(NAME,      "name") \
    X(DISPLAY,   "display") \
    X(ISSUER,    "issuer") \
    X(ID,        "id") \
    X(AUDIENCE,  "audience") \
    X(TIMES,     "times") \
    X(EXPIRED,   "expired") \
    X(LASTING,   "lasts_too_long") \
    X(EARLY,     "not_yet_valid") \
    X(OLD,       "too_old") \
    X(USED,      "used_before")
/* clang-format on */

enum jwt_fault {
#define X(name, word) JWT_##name,
    JWT_FAULTS(X)
#undef X
        JWT_FAULT_COUNT
};

const char *jwt_fault_word(enum jwt_fault fault);

/* By what tokens are judged; texts are lent by the settings. */
struct jwt_terms {
    size_t alg;              /* an index into the algorithms; 0: no token is good */
    const char *secret;      /* HS256 */
    struct evp_pkey_st *key; /* the others */
    const char *audience;    /* "": a token must not bear one */
    const char *issuer;      /* "": whatever it says */
    int64_t leeway_s;
    int64_t max_age_s;
};

/* Reads the key file, where the algorithm has one. NULL, or what is wrong with it. */
const char *jwt_init(struct jwt_terms *terms, const struct sc_settings *settings);
void jwt_deinit(struct jwt_terms *terms);
/* Whether tokens are taken at all. */
bool jwt_is_on(const struct jwt_terms *terms);

/* What a good token says. Texts are lent by `root`. */
struct jwt_claims {
    struct json_t *root;
    const char *subject; /* 1 to JWT_SUBJECT_CHARS characters */
    const char *name;    /* one line of 1 to JWT_TEXT_CHARS characters */
    const char *display; /* likewise; NULL: not said */
    const char *issuer;  /* likewise */
    const char *id;      /* likewise */
    int64_t verified_at_s, expires_at_s;
    char owner[SC_HASH_CHARS + 1]; /* of issuer and subject: whom it stands for */
    char once[SC_HASH_CHARS + 1];  /* of issuer and id, else of the token: what may be used once */
};

/* Verifies a token at the second `now_s` since the epoch. Only what is FINE sets `out`, which is to
 * be given back with jwt_claims_deinit. */
enum jwt_fault jwt_verify(const struct jwt_terms *terms, const char *token, size_t bytes,
                          int64_t now_s, struct jwt_claims *out);
void jwt_claims_deinit(struct jwt_claims *claims);

#endif
