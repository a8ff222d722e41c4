/* origin: which requests are our own pages'. */
#include "suite.h"

#include "given.h"
#include "origin.h"

#define SITE    "HTTP_SEC_FETCH_SITE="
#define ORIGIN  "HTTP_ORIGIN="
#define TYPE    "CONTENT_TYPE="
#define JSON    TYPE "application/json"
#define NOTHING "X=", "X=", "X=", "X="

static const struct {
    const char *what;
    enum credentials by;
    const char *parameters[4];
    bool good;
} cases[] = {
#define COOKIE CREDENTIALS_COOKIE
#define BEARER CREDENTIALS_BEARER
#define NONE   CREDENTIALS_NONE
    {"both say so",
     COOKIE,
     {SITE "same-origin", ORIGIN "http://chat.example:81", "X=", "X="},
     true},
    {"fetch metadata alone", COOKIE, {SITE "same-origin", "X=", "X=", "X="}, true},
    {"origin alone", COOKIE, {ORIGIN "http://chat.example:81", "X=", "X=", "X="}, true},
    {"origin in capitals", COOKIE, {ORIGIN "http://CHAT.example:81", "X=", "X=", "X="}, true},
    {"neither", COOKIE, {NOTHING}, false},
    {"neither, without a cookie", NONE, {NOTHING}, true},
    {"neither, by bearer", BEARER, {NOTHING}, true},
    {"another site by bearer",
     BEARER,
     {ORIGIN "https://evil.example", TYPE "text/plain", "X=", "X="},
     true},
    {"a spooled file of another type",
     COOKIE,
     {SITE "same-origin", TYPE "image/png", "CONTENT_LENGTH=9", "SPOOLED_BODY=/spool/1"},
     true},
    {"a spooled file from nowhere",
     COOKIE,
     {TYPE "image/png", "CONTENT_LENGTH=9", "SPOOLED_BODY=/spool/1", "X="},
     false},
    {"cross-site", COOKIE, {SITE "cross-site", "X=", "X=", "X="}, false},
    {"same-site", COOKIE, {SITE "same-site", "X=", "X=", "X="}, false},
    {"none", COOKIE, {SITE "none", "X=", "X=", "X="}, false},
    {"cross-site without a cookie", NONE, {SITE "cross-site", "X=", "X=", "X="}, false},
    {"metadata good, origin not",
     COOKIE,
     {SITE "same-origin", ORIGIN "http://evil.example", "X=", "X="},
     false},
    {"origin good, metadata not",
     COOKIE,
     {SITE "cross-site", ORIGIN "http://chat.example:81", "X=", "X="},
     false},
    {"another host", COOKIE, {ORIGIN "http://evil.example", "X=", "X=", "X="}, false},
    {"our name in front of another",
     COOKIE,
     {ORIGIN "http://chat.example:81.evil.example", "X=", "X=", "X="},
     false},
    {"our name behind another",
     COOKIE,
     {ORIGIN "http://evil-chat.example:81", "X=", "X=", "X="},
     false},
    {"another port", COOKIE, {ORIGIN "http://chat.example:82", "X=", "X=", "X="}, false},
    {"no port", COOKIE, {ORIGIN "http://chat.example", "X=", "X=", "X="}, false},
    {"another scheme", COOKIE, {ORIGIN "https://chat.example:81", "X=", "X=", "X="}, false},
    {"https behind tls", COOKIE, {ORIGIN "https://chat.example:81", "HTTPS=on", "X=", "X="}, true},
    {"http behind tls", COOKIE, {ORIGIN "http://chat.example:81", "HTTPS=on", "X=", "X="}, false},
    {"null", COOKIE, {ORIGIN "null", "X=", "X=", "X="}, false},
    {"null without a cookie", NONE, {ORIGIN "null", "X=", "X=", "X="}, false},
    {"json", NONE, {JSON, "CONTENT_LENGTH=2", "X=", "X="}, true},
    {"json with a charset", NONE, {JSON "; charset=utf-8", "CONTENT_LENGTH=2", "X=", "X="}, true},
    {"json in capitals", NONE, {TYPE "Application/JSON", "CONTENT_LENGTH=2", "X=", "X="}, true},
    {"a form",
     NONE,
     {TYPE "application/x-www-form-urlencoded", "CONTENT_LENGTH=2", "X=", "X="},
     false},
    {"plain text", NONE, {TYPE "text/plain", "CONTENT_LENGTH=2", "X=", "X="}, false},
    {"a longer type", NONE, {TYPE "application/jsonp", "CONTENT_LENGTH=2", "X=", "X="}, false},
    {"no type", NONE, {"CONTENT_LENGTH=2", "X=", "X=", "X="}, false},
    {"no body", NONE, {"CONTENT_LENGTH=0", "X=", "X=", "X="}, true},
    {"a type without length", NONE, {TYPE "text/plain", "X=", "X=", "X="}, false},
#undef COOKIE
#undef BEARER
#undef NONE
};

static enum sc_error check(const char *method, size_t i) {
    struct request request;
    const char *const *p = cases[i].parameters;
    given_request(&request, (char *)method, "REQUEST_URI=/api/v1/me", "HTTP_HOST=chat.example:81",
                  (char *)p[0], (char *)p[1], (char *)p[2], (char *)p[3]);
    enum sc_error error = origin_check(&request, cases[i].by);
    request_deinit(&request);
    return error;
}

static void a_change_must_come_from_our_own_pages(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(cases); i++) {
        enum sc_error wanted = cases[i].good ? SC_OK : SC_CROSS_SITE;
        assert_case(check("REQUEST_METHOD=POST", i) == wanted, cases[i].what);
        assert_case(check("REQUEST_METHOD=DELETE", i) == wanted, cases[i].what);
        assert_case(check("REQUEST_METHOD=OTHER", i) == wanted, cases[i].what);
    }
}

static void reading_may_come_from_anywhere(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(cases); i++) {
        assert_case(check("REQUEST_METHOD=GET", i) == SC_OK, cases[i].what);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_must_come_from_our_own_pages),
        cmocka_unit_test(reading_may_come_from_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
