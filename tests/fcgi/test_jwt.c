/*
 * jwt: tokens of the host site, good and forged, case by case from tests/fixtures/jwt/.
 *
 * A case's file `token` has four lines: what is pinned, the header, the claims, and how they are
 * signed: ALGORITHM[-by-KEY|-cut|-changed|-padded|-loose|-of-others] or `nothing`. The clock stands
 * at NOW.
 */
#include "suite.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <sodium.h>
#include <unistd.h>

#include "fixture.h"
#include "jwt.h"

#define SECRET  "a secret of the site, 32 bytes at least"
#define ANOTHER "a secret of another, 32 bytes at least."
#define KEYS    FIXTURES "/jwt/keys/"

enum { NOW = 1790000000, SIGNATURE_MAX = 512, TOKEN_MAX = 16384 };

static char *base64url(char *out, const void *bytes, size_t count) {
    sodium_bin2base64(out,
                      sodium_base64_ENCODED_LEN(count, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                      bytes, count, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return out + strlen(out);
}

static size_t sign_by_secret(const char *secret, const char *input, unsigned char *out) {
    unsigned count;
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)input, strlen(input),
         out, &count);
    return count;
}

static size_t sign_by_key(const char *path, const EVP_MD *digest, const char *input,
                          unsigned char *out) {
    FILE *file = fopen(path, "r");
    size_t count = SIGNATURE_MAX;
    EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(context, NULL, digest, NULL, key), 1);
    assert_int_equal(
        EVP_DigestSign(context, out, &count, (const unsigned char *)input, strlen(input)), 1);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    fclose(file);
    return count;
}

static size_t sign_by_file(const char *path, const char *input, unsigned char *out) {
    char text[4096] = "";
    FILE *file = fopen(path, "r");
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return sign_by_secret(text, input, out);
}

static bool is(const char *how, const char *what) {
    return strstr(how, what) != NULL;
}

static size_t sign(const char *how, const char *input, unsigned char *out) {
    return is(how, "nothing")            ? 0
           : is(how, "-by-public-RS256") ? sign_by_file(KEYS "rsa.pem", input, out)
           : is(how, "-by-public-EdDSA") ? sign_by_file(KEYS "ed25519.pem", input, out)
           : is(how, "-by-another")      ? sign_by_secret(ANOTHER, input, out)
           : is(how, "-of-others")       ? sign_by_secret(SECRET, "other.claims", out)
           : strncmp(how, "RS256", 5) == 0
               ? sign_by_key(KEYS "rsa_private.pem", EVP_sha256(), input, out)
           : strncmp(how, "EdDSA", 5) == 0
               ? sign_by_key(KEYS "ed25519_private.pem", NULL, input, out)
               : sign_by_secret(SECRET, input, out);
}

/* HEADER.CLAIMS.SIGNATURE; none of its parts has to be in order. */
static void make_token(const char *header, const char *claims, const char *how, char *token) {
    unsigned char signature[SIGNATURE_MAX];
    char *at = base64url(token, header, strlen(header));
    *at++ = '.';
    at = base64url(at, claims, strlen(claims));
    size_t count = sign(how, token, signature);
    count -= is(how, "-cut") ? 1 : 0;
    signature[0] ^= is(how, "-changed") ? 1 : 0;
    *at++ = '.';
    at = base64url(at, signature, count);
    if (is(how, "-loose")) {
        at[-1]++; /* 32 bytes leave two bits of the last letter unused */
    }
    strcpy(at, is(how, "-padded") ? "=" : "");
}

static void set(struct sc_settings *settings, const char *key, const char *value) {
    char assignment[512], fault[512];
    snprintf(assignment, sizeof assignment, "accounts.%s=%s", key, value);
    assert_case(sc_settings_set(settings, assignment, fault, sizeof fault), assignment);
}

/* ALGORITHM [audience=...] [issuer=...] */
static void pin(struct sc_settings *settings, char *line) {
    char *word = strtok(line, " ");
    sc_settings_init(settings);
    set(settings, "jwt_alg", word);
    set(settings, "jwt_key", SECRET);
    set(settings, "jwt_key_file", is(word, "RS256") ? KEYS "rsa.pem" : KEYS "ed25519.pem");
    while ((word = strtok(NULL, " ")) != NULL) {
        char *value = strchr(word, '=');
        *value = '\0';
        set(settings, is(word, "audience") ? "jwt_audience" : "jwt_issuer", value + 1);
    }
}

static void show(struct fixture *fixture, const struct jwt_claims *claims) {
    const char *texts[] = {claims->subject, claims->name, claims->display, claims->issuer,
                           claims->id};
    for (size_t i = 0; i < ROWS(texts); i++) {
        fixture_got(fixture, "%s | ", texts[i] == NULL ? "-" : texts[i]);
    }
    fixture_got(fixture, "%lld", (long long)claims->expires_at_s);
}

static void judge(struct fixture *fixture) {
    enum { PINNED, HEADER, CLAIMS, HOW, LINES };
    char *lines[LINES], *rest = fixture->input;
    static char token[TOKEN_MAX];
    struct sc_settings settings;
    struct jwt_terms terms;
    struct jwt_claims claims;
    for (size_t i = 0; i < LINES; i++) {
        lines[i] = strsep(&rest, "\n");
    }
    pin(&settings, lines[PINNED]);
    assert_null(jwt_init(&terms, &settings));
    make_token(lines[HEADER], lines[CLAIMS], lines[HOW], token);
    enum jwt_fault fault = jwt_verify(&terms, token, strlen(token), NOW, &claims);
    if (fault == JWT_FINE) {
        show(fixture, &claims);
        jwt_claims_deinit(&claims);
    } else {
        fixture_got(fixture, "%s", jwt_fault_word(fault));
    }
    jwt_deinit(&terms);
    sc_settings_deinit(&settings);
}

static void good_tokens_say_who_it_is(void **state) {
    (void)state;
    fixtures_walk("jwt/valid", "token", judge);
}

static void forged_and_broken_tokens_are_refused(void **state) {
    (void)state;
    fixtures_walk("jwt/invalid", "token", judge);
}

static struct sc_settings settings;
static struct jwt_terms terms;
static char good[TOKEN_MAX];

static int pin_a_secret(void **state) {
    (void)state;
    char line[] = "HS256";
    pin(&settings, line);
    make_token("{\"alg\":\"HS256\"}", "{\"sub\":\"7\",\"name\":\"Ann\",\"exp\":1790000060}",
               "HS256", good);
    return jwt_init(&terms, &settings) == NULL ? 0 : -1;
}

static int let_go(void **state) {
    (void)state;
    jwt_deinit(&terms);
    sc_settings_deinit(&settings);
    return 0;
}

static enum jwt_fault verify(const char *token, size_t bytes) {
    struct jwt_claims claims = {.root = NULL};
    enum jwt_fault fault = jwt_verify(&terms, token, bytes, NOW, &claims);
    jwt_claims_deinit(&claims);
    return fault;
}

static void a_token_cut_short_anywhere_is_refused(void **state) {
    (void)state;
    for (size_t bytes = 0; bytes < strlen(good); bytes++) {
        assert_int_not_equal(verify(good, bytes), JWT_FINE);
    }
    assert_int_equal(verify(good, strlen(good)), JWT_FINE);
}

static void a_token_with_any_byte_changed_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < strlen(good); i++) {
        for (unsigned bit = 1; bit < 256; bit <<= 1) {
            good[i] = (char)(good[i] ^ bit);
            assert_int_not_equal(verify(good, strlen(good)), JWT_FINE);
            good[i] = (char)(good[i] ^ bit);
        }
    }
}

static void three_parts_and_nothing_else(void **state) {
    (void)state;
    static const char *const around[][2] = {
        {"", "."},  {".", ""}, {"", ".x"}, {"", " "},       {" ", ""},
        {"", "\n"}, {"", "="}, {"..", ""}, {"Bearer ", ""},
    };
    char token[TOKEN_MAX];
    for (size_t i = 0; i < ROWS(around); i++) {
        snprintf(token, sizeof token, "%s%.8192s%s", around[i][0], good, around[i][1]);
        assert_case(verify(token, strlen(token)) != JWT_FINE, token);
    }
    assert_int_equal(verify("", 0), JWT_FORM);
    assert_int_equal(verify("..", 2), JWT_HEADER);
    assert_int_equal(verify("a.b", 3), JWT_FORM);
    assert_int_equal(verify("a.b.c.d", 7), JWT_FORM);
}

static void the_length_is_crossed_by_one(void **state) {
    (void)state;
    char token[TOKEN_MAX];
    memset(token, 'A', sizeof token);
    assert_int_equal(verify(token, JWT_MAX), JWT_FORM);
    assert_int_equal(verify(token, JWT_MAX + 1), JWT_LARGE);
}

/* Of whom, and of which token: the two that are remembered. */
static void claims_of(const char *text, struct jwt_claims *out) {
    char token[TOKEN_MAX];
    make_token("{\"alg\":\"HS256\"}", text, "HS256", token);
    assert_int_equal(jwt_verify(&terms, token, strlen(token), NOW, out), JWT_FINE);
}

static void who_it_is_depends_on_issuer_and_subject_alone(void **state) {
    (void)state;
    static const struct {
        const char *claims;
        bool same_owner, same_once;
    } cases[] = {
        {"{\"sub\":\"7\",\"name\":\"Ann\",\"exp\":1790000060,\"iss\":\"a\",\"jti\":\"1\"}", true,
         true},
        {"{\"sub\":\"7\",\"name\":\"Bob\",\"exp\":1790000061,\"iss\":\"a\",\"jti\":\"1\"}", true,
         true},
        {"{\"sub\":\"7\",\"name\":\"Ann\",\"exp\":1790000060,\"iss\":\"a\",\"jti\":\"2\"}", true,
         false},
        {"{\"sub\":\"7\",\"name\":\"Ann\",\"exp\":1790000060,\"iss\":\"a\"}", true, false},
        {"{\"sub\":\"7\",\"name\":\"Ann\",\"exp\":1790000060,\"iss\":\"b\",\"jti\":\"1\"}", false,
         false},
        {"{\"sub\":\"7\",\"name\":\"Ann\",\"exp\":1790000060,\"jti\":\"1\"}", false, false},
        {"{\"sub\":\"a7\",\"name\":\"Ann\",\"exp\":1790000060,\"jti\":\"a1\"}", false, false},
        {"{\"sub\":\"1\",\"name\":\"Ann\",\"exp\":1790000060,\"iss\":\"a\",\"jti\":\"7\"}", false,
         false},
    };
    struct jwt_claims first, other;
    claims_of(cases[0].claims, &first);
    for (size_t i = 0; i < ROWS(cases); i++) {
        claims_of(cases[i].claims, &other);
        assert_case((strcmp(first.owner, other.owner) == 0) == cases[i].same_owner,
                    cases[i].claims);
        assert_case((strcmp(first.once, other.once) == 0) == cases[i].same_once, cases[i].claims);
        jwt_claims_deinit(&other);
    }
    jwt_claims_deinit(&first);
}

static void keys_that_do_not_fit_are_told_at_the_start(void **state) {
    (void)state;
    static const struct {
        const char *alg, *file, *why;
    } cases[] = {
        {"RS256", KEYS "rsa.pem", NULL},
        {"EdDSA", KEYS "ed25519.pem", NULL},
        {"RS256", KEYS "none.pem", "can't be read"},
        {"RS256", KEYS "rsa_private.pem", "holds no public key in PEM"},
        {"RS256", KEYS "ed25519.pem", "is not a key of accounts.jwt_alg"},
        {"EdDSA", KEYS "rsa.pem", "is not a key of accounts.jwt_alg"},
        {"EdDSA", KEYS "p256.pem", "is not a key of accounts.jwt_alg"},
        {"RS256", KEYS "rsa_1024.pem", "is an RSA key of less than 2048 bits"},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct sc_settings with;
        struct jwt_terms read;
        sc_settings_init(&with);
        set(&with, "jwt_alg", cases[i].alg);
        set(&with, "jwt_key_file", cases[i].file);
        const char *why = jwt_init(&read, &with);
        assert_case((why == NULL) == (cases[i].why == NULL), cases[i].file);
        if (why != NULL) {
            assert_string_equal(why, cases[i].why);
        }
        jwt_deinit(&read);
        sc_settings_deinit(&with);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_tokens_say_who_it_is),
        cmocka_unit_test(forged_and_broken_tokens_are_refused),
        cmocka_unit_test_setup_teardown(a_token_cut_short_anywhere_is_refused, pin_a_secret,
                                        let_go),
        cmocka_unit_test_setup_teardown(a_token_with_any_byte_changed_is_refused, pin_a_secret,
                                        let_go),
        cmocka_unit_test_setup_teardown(three_parts_and_nothing_else, pin_a_secret, let_go),
        cmocka_unit_test_setup_teardown(the_length_is_crossed_by_one, pin_a_secret, let_go),
        cmocka_unit_test_setup_teardown(who_it_is_depends_on_issuer_and_subject_alone, pin_a_secret,
                                        let_go),
        cmocka_unit_test(keys_that_do_not_fit_are_told_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
