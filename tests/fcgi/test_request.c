/* request: from FastCGI's parameters to a decoded request. */
#include "suite.h"

#include "given.h"

static void assert_segments(const struct request *request, size_t count,
                            const char *const *wanted) {
    assert_int_equal(request->segments_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(request->segments[i].text, wanted[i]);
    }
}

static void a_path_is_split_before_it_is_decoded(void **state) {
    (void)state;
    struct request request;
    assert_int_equal(
        given_request(&request, "REQUEST_METHOD=GET", "REQUEST_URI=/api/v1/rooms/a%2Fb/%252e?x=1"),
        SC_OK);
    assert_int_equal(request.method, METHOD_GET);
    assert_segments(&request, 3, (const char *[]){"rooms", "a/b", "%2e"});
    request_deinit(&request);
}

static const struct {
    const char *uri;
    enum sc_error error;
    size_t segments;
} paths[] = {
    {"REQUEST_URI=/api/v1/me", SC_OK, 1},
    {"REQUEST_URI=/api/v1/", SC_OK, 1},
    {"REQUEST_URI=/api/v1/me/", SC_OK, 2},
    {"REQUEST_URI=/api/v1//me", SC_OK, 2},
    {"REQUEST_URI=/api/v1/1/2/3/4/5/6/7/8", SC_OK, 8},
    {"REQUEST_URI=/api/v1/1/2/3/4/5/6/7/8/9", SC_NOT_FOUND, 8},
    {"REQUEST_URI=/api/v1", SC_NOT_FOUND, 0},
    {"REQUEST_URI=/api/v2/me", SC_NOT_FOUND, 0},
    {"REQUEST_URI=/api/v1x/me", SC_NOT_FOUND, 0},
    {"REQUEST_URI=//api/v1/me", SC_NOT_FOUND, 0},
    {"REQUEST_URI=/x/../api/v1/me", SC_NOT_FOUND, 0},
    {"REQUEST_URI=", SC_NOT_FOUND, 0},
    {"OTHER=", SC_NOT_FOUND, 0},
    {"REQUEST_URI=/api/v1/me%", SC_BAD_REQUEST, 0},
    {"REQUEST_URI=/api/v1/me?a=%zz", SC_BAD_REQUEST, 1},
    {"REQUEST_URI=/api/v1/me?%f=a", SC_BAD_REQUEST, 1},
};

static void what_is_not_below_the_prefix_is_not_found(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(paths); i++) {
        struct request request;
        assert_case(given_request(&request, (char *)paths[i].uri) == paths[i].error, paths[i].uri);
        assert_case(request.segments_count == paths[i].segments, paths[i].uri);
        request_deinit(&request);
    }
}

static void methods_are_told_apart_and_head_is_get(void **state) {
    (void)state;
    static const struct {
        const char *parameter;
        enum method method;
    } rows[] = {
        {"REQUEST_METHOD=GET", METHOD_GET},     {"REQUEST_METHOD=HEAD", METHOD_GET},
        {"REQUEST_METHOD=POST", METHOD_POST},   {"REQUEST_METHOD=PUT", METHOD_PUT},
        {"REQUEST_METHOD=PATCH", METHOD_PATCH}, {"REQUEST_METHOD=DELETE", METHOD_DELETE},
        {"REQUEST_METHOD=get", METHOD_OTHER},   {"REQUEST_METHOD=OPTIONS", METHOD_OTHER},
        {"REQUEST_METHOD=", METHOD_OTHER},      {"X=GET", METHOD_OTHER},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct request request;
        given_request(&request, (char *)rows[i].parameter, "REQUEST_URI=/api/v1/me");
        assert_case(request.method == rows[i].method, rows[i].parameter);
        request_deinit(&request);
    }
}

static void a_query_gives_the_first_value_of_a_name(void **state) {
    (void)state;
    struct request request;
    assert_int_equal(
        given_request(&request, "REQUEST_URI=/api/v1/rooms?q=a+b%26c&limit=5&q=other&empty&=x&&z="),
        SC_OK);
    assert_string_equal(request_query(&request, "q")->text, "a b&c");
    assert_string_equal(request_query(&request, "limit")->text, "5");
    assert_string_equal(request_query(&request, "empty")->text, "");
    assert_string_equal(request_query(&request, "z")->text, "");
    assert_null(request_query(&request, "lim"));
    request_deinit(&request);
}

static void a_query_of_too_many_members_is_refused(void **state) {
    (void)state;
    char uri[256] = "REQUEST_URI=/api/v1/rooms?";
    struct request request;
    for (int i = 0; i < REQUEST_PAIRS_MAX; i++) {
        strcat(uri, "a&");
    }
    assert_int_equal(given_request(&request, uri), SC_OK);
    request_deinit(&request);
    strcat(uri, "a&");
    assert_int_equal(given_request(&request, uri), SC_BAD_REQUEST);
    request_deinit(&request);
}

static const struct {
    const char *cookie;
    const char *value; /* of `stonechat`; NULL: none */
} cookies[] = {
    {"HTTP_COOKIE=stonechat=abc", "abc"},
    {"HTTP_COOKIE=a=b; stonechat=abc; c=d", "abc"},
    {"HTTP_COOKIE=a=b;stonechat=abc", "abc"},
    {"HTTP_COOKIE=stonechat=abc ; c", "abc"},
    {"HTTP_COOKIE=stonechat=", ""},
    {"HTTP_COOKIE=stonechat=first; stonechat=second", "first"},
    {"HTTP_COOKIE=xstonechat=abc", NULL},
    {"HTTP_COOKIE=stonechatx=abc", NULL},
    {"HTTP_COOKIE=stonechat", NULL},
    {"HTTP_COOKIE=a=stonechat=abc", NULL},
    {"HTTP_COOKIE=; ;;", NULL},
    {"HTTP_COOKIE=", NULL},
};

static void a_cookie_is_found_by_its_whole_name(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(cookies); i++) {
        struct request request;
        size_t bytes = 0;
        given_request(&request, (char *)cookies[i].cookie);
        const char *value = request_cookie(&request, "stonechat", &bytes);
        assert_case((value != NULL) == (cookies[i].value != NULL), cookies[i].cookie);
        if (value && cookies[i].value) {
            assert_case(bytes == strlen(cookies[i].value), cookies[i].cookie);
            assert_case(memcmp(value, cookies[i].value, bytes) == 0, cookies[i].cookie);
        }
        request_deinit(&request);
    }
}

static enum sc_error read_body(const char *length, size_t bytes, size_t most, size_t *asked_out) {
    char *text = calloc(1, bytes + 1);
    memset(text, 'x', bytes);
    struct given_body body = {.text = text, .bytes = bytes};
    struct request request;
    assert_int_equal(given_request(&request, "REQUEST_URI=/api/v1/me", (char *)length), SC_OK);
    request.source = given_read;
    request.source_context = &body;
    enum sc_error error = request_read_body(&request, most);
    if (error == SC_OK) {
        assert_int_equal(request.body_bytes, bytes);
        assert_memory_equal(request.body, text, bytes + 1);
    }
    *asked_out = body.asked;
    request_deinit(&request);
    free(text);
    return error;
}

static void a_body_is_read_up_to_its_limit_and_not_a_byte_further(void **state) {
    (void)state;
    size_t asked;
    assert_int_equal(read_body("CONTENT_LENGTH=0", 0, 10, &asked), SC_OK);
    assert_int_equal(read_body("CONTENT_LENGTH=10", 10, 10, &asked), SC_OK);
    assert_int_equal(read_body("CONTENT_LENGTH=20000", 20000, 20000, &asked), SC_OK);
    assert_int_equal(read_body("CONTENT_LENGTH=", 20000, 20000, &asked), SC_OK);
    assert_int_equal(read_body("CONTENT_LENGTH=", 30000, 20000, &asked), SC_TOO_LARGE);
    assert_int_equal(asked, 20001);
    assert_int_equal(read_body("CONTENT_LENGTH=", 8193, 8192, &asked), SC_TOO_LARGE);
    assert_int_equal(read_body("CONTENT_LENGTH=", 8192, 8192, &asked), SC_OK);
}

static void an_announced_length_beyond_the_limit_is_refused_unread(void **state) {
    (void)state;
    size_t asked;
    assert_int_equal(read_body("CONTENT_LENGTH=11", 11, 10, &asked), SC_TOO_LARGE);
    assert_int_equal(asked, 0);
    assert_int_equal(read_body("CONTENT_LENGTH=999999999999999999", 1, 10, &asked), SC_TOO_LARGE);
}

static void a_body_other_than_announced_is_refused(void **state) {
    (void)state;
    size_t asked;
    assert_int_equal(read_body("CONTENT_LENGTH=9", 8, 10, &asked), SC_BAD_REQUEST);
    assert_int_equal(read_body("CONTENT_LENGTH=8", 9, 10, &asked), SC_BAD_REQUEST);
}

static void a_length_that_is_no_number_is_refused(void **state) {
    (void)state;
    static char *const lengths[] = {"CONTENT_LENGTH=-1", "CONTENT_LENGTH=1 ", "CONTENT_LENGTH=0x1",
                                    "CONTENT_LENGTH=1,1", "CONTENT_LENGTH=9999999999999999999"};
    for (size_t i = 0; i < ROWS(lengths); i++) {
        struct request request;
        enum sc_error error = given_request(&request, "REQUEST_URI=/api/v1/me", lengths[i]);
        assert_case(error == SC_BAD_REQUEST, lengths[i]);
        request_deinit(&request);
    }
}

static const struct {
    char *content_type;
    const char *body;
    enum sc_error error;
    const char *unwrapped;
} wrapped[] = {
    {"CONTENT_TYPE=application/json", "payload=x", SC_OK, "payload=x"},
    {"CONTENT_TYPE=", "payload=x", SC_OK, "payload=x"},
    {"CONTENT_TYPE=application/x-www-form-urlencodedx", "payload=x", SC_OK, "payload=x"},
    {"CONTENT_TYPE=application/x-www-form-urlencoded", "payload=%7b%22a%22:+1%7d", SC_OK,
     "{\"a\": 1}"},
    {"CONTENT_TYPE=Application/X-WWW-Form-Urlencoded; charset=utf-8", "a=b&payload=x=y&payload=z",
     SC_OK, "x=y"},
    {"CONTENT_TYPE=application/x-www-form-urlencoded", "payload", SC_OK, ""},
    {"CONTENT_TYPE=application/x-www-form-urlencoded", "payloads=x&Payload=y", SC_OK, ""},
    {"CONTENT_TYPE=application/x-www-form-urlencoded", "", SC_OK, ""},
    {"CONTENT_TYPE=application/x-www-form-urlencoded", "payload=%7", SC_BAD_REQUEST, NULL},
};

static void a_form_is_unwrapped_and_nothing_else_is(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(wrapped); i++) {
        struct request request;
        struct given_body body = {.text = wrapped[i].body, .bytes = strlen(wrapped[i].body)};
        given_request(&request, "REQUEST_METHOD=POST", "REQUEST_URI=/api/v1/hooks/t",
                      wrapped[i].content_type);
        request.source = given_read;
        request.source_context = &body;
        assert_int_equal(request_read_body(&request, 1000), SC_OK);
        enum sc_error error = request_unwrap_body(&request, "payload");
        assert_case(error == wrapped[i].error, wrapped[i].body);
        if (error == SC_OK) {
            assert_string_equal(request.body, wrapped[i].unwrapped);
            assert_int_equal(request.body_bytes, strlen(wrapped[i].unwrapped));
        }
        request_deinit(&request);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_split_before_it_is_decoded),
        cmocka_unit_test(what_is_not_below_the_prefix_is_not_found),
        cmocka_unit_test(methods_are_told_apart_and_head_is_get),
        cmocka_unit_test(a_query_gives_the_first_value_of_a_name),
        cmocka_unit_test(a_query_of_too_many_members_is_refused),
        cmocka_unit_test(a_cookie_is_found_by_its_whole_name),
        cmocka_unit_test(a_body_is_read_up_to_its_limit_and_not_a_byte_further),
        cmocka_unit_test(an_announced_length_beyond_the_limit_is_refused_unread),
        cmocka_unit_test(a_body_other_than_announced_is_refused),
        cmocka_unit_test(a_length_that_is_no_number_is_refused),
        cmocka_unit_test(a_form_is_unwrapped_and_nothing_else_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
