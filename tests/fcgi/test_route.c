/* route: which row a path and method lead to, and what is refused before any handler. */
#include "suite.h"

#include "given.h"
#include "route.h"

static enum sc_error find(const char *method, const char *uri, const struct route **route,
                          const char *arguments[EXCHANGE_ARGUMENTS_MAX], char *allow) {
    static struct request request;
    request_deinit(&request);
    enum sc_error error = given_request(&request, (char *)method, (char *)uri);
    *route = NULL;
    return error == SC_OK ? route_find(&request, route, arguments, allow) : error;
}

static const struct {
    const char *method;
    const char *uri;
    const char *path; /* of the row */
    const char *first, *second;
} found[] = {
    {"REQUEST_METHOD=GET", "REQUEST_URI=/api/v1/health", "health", "", ""},
    {"REQUEST_METHOD=HEAD", "REQUEST_URI=/api/v1/health", "health", "", ""},
    {"REQUEST_METHOD=GET", "REQUEST_URI=/api/v1/site", "site", "", ""},
    {"REQUEST_METHOD=POST", "REQUEST_URI=/api/v1/users?x", "users", "", ""},
    {"REQUEST_METHOD=GET", "REQUEST_URI=/api/v1/users/u1", "users/{user}", "u1", ""},
    {"REQUEST_METHOD=DELETE", "REQUEST_URI=/api/v1/sessions/current", "sessions/{session}",
     "current", ""},
    {"REQUEST_METHOD=PUT", "REQUEST_URI=/api/v1/rooms/lobby/members/me",
     "rooms/{room}/members/{user}", "lobby", "me"},
    {"REQUEST_METHOD=GET", "REQUEST_URI=/api/v1/rooms/%6cobby", "rooms/{room}", "lobby", ""},
};

static void a_path_and_method_lead_to_one_row(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(found); i++) {
        const struct route *route;
        const char *arguments[EXCHANGE_ARGUMENTS_MAX] = {"", "", ""};
        char allow[ROUTE_ALLOW_MAX];
        assert_case(find(found[i].method, found[i].uri, &route, arguments, allow) == SC_OK,
                    found[i].uri);
        assert_case(route && strcmp(route->path, found[i].path) == 0, found[i].uri);
        assert_case(strcmp(arguments[0], found[i].first) == 0, found[i].uri);
        assert_case(strcmp(arguments[1], found[i].second) == 0, found[i].uri);
    }
}

static void other_paths_are_not_found(void **state) {
    (void)state;
    static const char *const uris[] = {
        "REQUEST_URI=/api/v1/",
        "REQUEST_URI=/api/v1/nothing",
        "REQUEST_URI=/api/v1/Health",
        "REQUEST_URI=/api/v1/health/",
        "REQUEST_URI=/api/v1/health%00",
        "REQUEST_URI=/api/v1/%2e/health",
        "REQUEST_URI=/api/v1/rooms/a/b",
        "REQUEST_URI=/api/v1/rooms/",
        "REQUEST_URI=/api/v1/rooms//messages",
        "REQUEST_URI=/api/v1/rooms%2Flobby",
        "REQUEST_URI=/api/v1/rooms/lobby%00x",
        "REQUEST_URI=/api/v1/rooms/lobby/members/me/more",
    };
    for (size_t i = 0; i < ROWS(uris); i++) {
        const struct route *route;
        const char *arguments[EXCHANGE_ARGUMENTS_MAX];
        char allow[ROUTE_ALLOW_MAX];
        assert_case(find("REQUEST_METHOD=GET", uris[i], &route, arguments, allow) == SC_NOT_FOUND,
                    uris[i]);
        assert_null(route);
    }
}

static void another_method_is_told_which_there_are(void **state) {
    (void)state;
    const struct route *route;
    const char *arguments[EXCHANGE_ARGUMENTS_MAX];
    char allow[ROUTE_ALLOW_MAX];
    assert_int_equal(find("REQUEST_METHOD=PUT", "REQUEST_URI=/api/v1/me", &route, arguments, allow),
                     SC_METHOD_NOT_ALLOWED);
    assert_string_equal(allow, "GET, HEAD, PATCH, DELETE");
    assert_int_equal(
        find("REQUEST_METHOD=OPTIONS", "REQUEST_URI=/api/v1/rooms", &route, arguments, allow),
        SC_METHOD_NOT_ALLOWED);
    assert_string_equal(allow, "GET, HEAD, POST");
}

struct fixture {
    struct sc_settings settings;
    struct site site;
    struct link link;
    struct exchange x;
};

/* With a Redis that is nowhere: whatever gets as far as asking it is answered UNAVAILABLE. */
static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    sc_settings_init(&f->settings);
    f->site.settings = &f->settings;
    sc_endpoint_init(&f->site.endpoint, "unix:/nonexistent/redis.sock");
    breaker_init(&f->site.breaker);
    trunk_init(&f->site.trunk, &(struct link_terms){.endpoint = &f->site.endpoint});
    f->site.carrier = trunk_carrier(&f->site.trunk);
    site_link(&f->site, &f->link);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    link_deinit(&f->link);
    trunk_deinit(&f->site.trunk);
    breaker_deinit(&f->site.breaker);
    sc_endpoint_deinit(&f->site.endpoint);
    sc_settings_deinit(&f->settings);
    free(f);
    return 0;
}

/* Serves one request; gives the status, and whether the answer holds `text`. */
static int serve(struct fixture *f, char *const *parameters, const char *body, const char *text) {
    struct given_body source = {.text = body, .bytes = strlen(body)};
    struct exchange *x = &f->x;
    *x = (struct exchange){.site = &f->site, .link = &f->link};
    reply_init(&x->reply);
    enum sc_error decoded = request_init(&x->request, parameters);
    x->request.source = given_read;
    x->request.source_context = &source;
    route_serve(x, decoded);
    reply_end(&x->reply);
    if (!strstr(x->reply.body_text, text) && !strstr(x->reply.headers_text, text)) {
        fail_msg("no %s in: %s%s", text, x->reply.headers_text, x->reply.body_text);
    }
    int status = x->reply.status;
    form_deinit(&x->form);
    session_deinit(&x->session);
    request_deinit(&x->request);
    reply_deinit(&x->reply);
    return status;
}

#define SERVE(f, body, text, ...) serve(f, (char *[]){__VA_ARGS__, NULL}, body, text)

static void a_malformed_request_is_answered_before_it_is_routed(void **state) {
    assert_int_equal(
        SERVE(*state, "", "\"bad_request\"", "REQUEST_METHOD=GET", "REQUEST_URI=/api/v1/%zz"), 400);
}

static void an_unknown_path_is_answered_404_whoever_asks(void **state) {
    assert_int_equal(SERVE(*state, "", "\"not_found\"", "REQUEST_METHOD=POST",
                           "REQUEST_URI=/api/v1/nothing", "HTTP_SEC_FETCH_SITE=cross-site"),
                     404);
}

static void another_method_is_answered_405_with_allow(void **state) {
    assert_int_equal(SERVE(*state, "", "Allow: GET, HEAD\r\n", "REQUEST_METHOD=POST",
                           "REQUEST_URI=/api/v1/health"),
                     405);
}

static void without_credentials_is_401_before_the_origin_is_looked_at(void **state) {
    assert_int_equal(SERVE(*state, "{", "WWW-Authenticate: Bearer", "REQUEST_METHOD=POST",
                           "REQUEST_URI=/api/v1/rooms", "HTTP_SEC_FETCH_SITE=cross-site"),
                     401);
}

static void a_token_that_is_none_does_not_reach_redis(void **state) {
    static char *const tokens[] = {
        "HTTP_AUTHORIZATION=Bearer nonsense",
        "HTTP_AUTHORIZATION=Bearer ",
        "HTTP_AUTHORIZATION=Basic YTpi",
        "HTTP_COOKIE=stonechat=a.b",
        "HTTP_COOKIE=stonechat=",
        "HTTP_COOKIE=stonechat=a.b.c; stonechat=x",
    };
    for (size_t i = 0; i < ROWS(tokens); i++) {
        assert_int_equal(SERVE(*state, "", "\"unauthenticated\"", "REQUEST_METHOD=GET",
                               "REQUEST_URI=/api/v1/me", tokens[i]),
                         401);
    }
}

static void another_site_is_refused_before_the_body_is_read(void **state) {
    assert_int_equal(SERVE(*state, "{", "\"cross_site\"", "REQUEST_METHOD=POST",
                           "REQUEST_URI=/api/v1/sessions", "HTTP_ORIGIN=https://evil.example"),
                     403);
}

static void the_holder_of_a_token_in_the_path_may_come_from_another_site(void **state) {
    assert_int_equal(SERVE(*state, "payload=[", "\"bad_json\"", "REQUEST_METHOD=POST",
                           "REQUEST_URI=/api/v1/hooks/x", "HTTP_ORIGIN=https://evil.example",
                           "HTTP_SEC_FETCH_SITE=cross-site",
                           "CONTENT_TYPE=application/x-www-form-urlencoded"),
                     400);
}

static void a_body_beyond_the_limit_is_413(void **state) {
    struct fixture *f = *state;
    f->settings.limits_body_bytes = 1024;
    assert_int_equal(SERVE(f, "{}", "\"too_large\"", "REQUEST_METHOD=POST",
                           "REQUEST_URI=/api/v1/sessions", "CONTENT_TYPE=application/json",
                           "CONTENT_LENGTH=1025"),
                     413);
}

static void a_body_that_is_no_json_is_400_and_a_field_at_fault_422(void **state) {
    assert_int_equal(SERVE(*state, "{", "\"bad_json\"", "REQUEST_METHOD=POST",
                           "REQUEST_URI=/api/v1/sessions", "CONTENT_TYPE=application/json"),
                     400);
    assert_int_equal(SERVE(*state, "{\"name\":\"a\"}", "\"field\":\"password\"",
                           "REQUEST_METHOD=POST", "REQUEST_URI=/api/v1/sessions",
                           "CONTENT_TYPE=application/json"),
                     422);
}

static void redis_away_is_503_with_retry_after(void **state) {
    assert_int_equal(
        SERVE(*state, "", "Retry-After: 1\r\n", "REQUEST_METHOD=GET", "REQUEST_URI=/api/v1/health"),
        503);
}

#define FIXED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_and_method_lead_to_one_row),
        cmocka_unit_test(other_paths_are_not_found),
        cmocka_unit_test(another_method_is_told_which_there_are),
        FIXED(a_malformed_request_is_answered_before_it_is_routed),
        FIXED(an_unknown_path_is_answered_404_whoever_asks),
        FIXED(another_method_is_answered_405_with_allow),
        FIXED(without_credentials_is_401_before_the_origin_is_looked_at),
        FIXED(a_token_that_is_none_does_not_reach_redis),
        FIXED(another_site_is_refused_before_the_body_is_read),
        FIXED(the_holder_of_a_token_in_the_path_may_come_from_another_site),
        FIXED(a_body_beyond_the_limit_is_413),
        FIXED(a_body_that_is_no_json_is_400_and_a_field_at_fault_422),
        FIXED(redis_away_is_503_with_retry_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
