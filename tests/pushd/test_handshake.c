/*
 * handshake: request heads, case by case from tests/fixtures/handshake/, limits and answers.
 */
#include "suite.h"

#include "fixture.h"
#include "handshake.h"

static void show_slice(struct fixture *fixture, const char *name, struct slice slice) {
    if (slice.text != NULL) {
        fixture_got(fixture, " %s=%.*s", name, (int)slice.bytes, slice.text);
    }
}

static void show_request(struct fixture *fixture, const struct handshake *request) {
    static const char *const kinds[] = {
        [HANDSHAKE_UPGRADE] = "upgrade",
        [HANDSHAKE_EVENTS] = "events",
        [HANDSHAKE_HEALTH] = "health",
        [HANDSHAKE_METRICS] = "metrics",
    };
    fixture_got(fixture, "%s", kinds[request->kind]);
    show_slice(fixture, "host", request->host);
    show_slice(fixture, "scheme", request->scheme);
    show_slice(fixture, "address", request->address);
    show_slice(fixture, "origin", request->origin);
    show_slice(fixture, "cookie", request->cookie_token);
    show_slice(fixture, "bearer", request->bearer);
    show_slice(fixture, "ticket", request->ticket);
    if (request->kind == HANDSHAKE_EVENTS) {
        show_slice(fixture, "id", request->last_event_id);
        show_slice(fixture, "site", request->fetch_site);
    }
    fixture_got(fixture, "%s", request->subprotocol ? " subprotocol" : "");
    fixture_got(fixture, "%s", request->deflate.taken ? " deflate" : "");
}

static void decode(struct fixture *fixture) {
    struct handshake request;
    char *exact = malloc(fixture->input_bytes + 1);
    memcpy(exact, fixture->input, fixture->input_bytes);
    enum sc_error error = handshake_read(exact, fixture->input_bytes, &request);
    if (error != SC_OK) {
        fixture_got(fixture, "%s", sc_error_row(error)->code);
    } else if (request.bytes == 0) {
        fixture_got(fixture, "more");
    } else {
        show_request(fixture, &request);
    }
    free(exact);
}

/* Whatever is not all there is waited for, or is refused as it would be in the end. */
static void decode_dribbled(struct fixture *fixture) {
    struct handshake request;
    size_t end = fixture->input_bytes;
    for (size_t bytes = 0; bytes < end; bytes++) {
        char *exact = malloc(bytes + 1);
        memcpy(exact, fixture->input, bytes);
        enum sc_error error = handshake_read(exact, bytes, &request);
        free(exact);
        if (error != SC_OK || request.bytes != 0) {
            fixture_got(fixture, "(after %zu bytes) ", bytes);
            break;
        }
    }
    decode(fixture);
}

static void valid_requests_are_read(void **state) {
    (void)state;
    fixtures_walk("handshake/valid", "head", decode);
}

static void invalid_requests_are_refused(void **state) {
    (void)state;
    fixtures_walk("handshake/invalid", "head", decode);
}

static void a_request_that_dribbles_is_waited_for(void **state) {
    (void)state;
    fixtures_walk("handshake/valid", "head", decode_dribbled);
    fixtures_walk("handshake/invalid", "head", decode_dribbled);
}

#define UPGRADE                                                                                    \
    "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                 \
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

static struct handshake request_of(const char *text) {
    struct handshake request;
    assert_int_equal(handshake_read(text, strlen(text), &request), SC_OK);
    assert_int_equal(request.bytes, strlen(text));
    return request;
}

/* A request of exactly `bytes` bytes. */
static char *request_of_bytes(size_t bytes) {
    char *text = malloc(bytes + 1);
    size_t at = (size_t)sprintf(text, "%sX: ", UPGRADE);
    memset(text + at, 'x', bytes - 4 - at);
    strcpy(text + bytes - 4, "\r\n\r\n");
    return text;
}

static void the_length_of_a_head_is_crossed_by_one(void **state) {
    (void)state;
    struct handshake request;
    char *text = request_of_bytes(SC_REQUEST_HEAD_MAX);
    assert_int_equal(handshake_read(text, SC_REQUEST_HEAD_MAX, &request), SC_OK);
    assert_int_equal(request.bytes, SC_REQUEST_HEAD_MAX);
    free(text);
    text = request_of_bytes(SC_REQUEST_HEAD_MAX + 1);
    assert_int_equal(handshake_read(text, SC_REQUEST_HEAD_MAX + 1, &request), SC_HEADERS_TOO_LARGE);
    free(text);
}

static void the_longest_head_may_come_byte_by_byte(void **state) {
    (void)state;
    struct handshake request;
    char *text = request_of_bytes(SC_REQUEST_HEAD_MAX);
    for (size_t bytes = 0; bytes < SC_REQUEST_HEAD_MAX; bytes++) {
        assert_int_equal(handshake_read(text, bytes, &request), SC_OK);
        assert_int_equal(request.bytes, 0);
    }
    free(text);
}

static void a_head_without_end_is_not_read_for_ever(void **state) {
    (void)state;
    struct handshake request;
    char *text = request_of_bytes(SC_REQUEST_HEAD_MAX + 8);
    assert_int_equal(handshake_read(text, SC_REQUEST_HEAD_MAX, &request), SC_HEADERS_TOO_LARGE);
    free(text);
}

static void what_follows_the_head_is_not_its_business(void **state) {
    (void)state;
    struct handshake request;
    static const char text[] = UPGRADE "\r\n\x81\x80mask\r\n\r\n";
    assert_int_equal(handshake_read(text, sizeof text - 1, &request), SC_OK);
    assert_int_equal(request.bytes, strlen(UPGRADE "\r\n"));
}

/* RFC 6455 section 1.3 */
static void the_key_of_the_rfc_is_accepted_as_it_says(void **state) {
    (void)state;
    struct handshake request = request_of(UPGRADE "\r\n");
    char *answer = handshake_accept(&request);
    assert_ptr_equal(strstr(answer, "HTTP/1.1 101 Switching Protocols\r\n"), answer);
    assert_non_null(strstr(answer, "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    assert_null(strstr(answer, "Sec-WebSocket-Protocol"));
    assert_string_equal(answer + strlen(answer) - 4, "\r\n\r\n");
    free(answer);
}

static void a_subprotocol_is_chosen_only_if_offered(void **state) {
    (void)state;
    struct handshake request =
        request_of(UPGRADE "Sec-WebSocket-Protocol: a, stonechat.v1\r\n\r\n");
    char *answer = handshake_accept(&request);
    assert_non_null(strstr(answer, "\r\nSec-WebSocket-Protocol: stonechat.v1\r\n"));
    free(answer);
}

static const struct {
    const char *host, *scheme, *origin, *more;
    bool ours;
} origins[] = {
    {"chat.example", "https", "https://chat.example", "", true},
    {"chat.example", NULL, "http://chat.example", "", true},
    {"chat.example:8080", "http", "http://chat.example:8080", "", true},
    {"CHAT.example", "https", "https://chat.EXAMPLE", "", true},
    {"chat.example", "https", NULL, "", false},
    {"chat.example", "https", "", "", false},
    {"chat.example", "https", "null", "", false},
    {"chat.example", "https", "http://chat.example", "", false},
    {"chat.example", "http", "https://chat.example", "", false},
    {"chat.example", "https", "https://evil.example", "", false},
    {"chat.example", "https", "https://chat.example.evil.com", "", false},
    {"chat.example", "https", "https://evilchat.example", "", false},
    {"chat.example", "https", "https://chat.example:444", "", false},
    {"chat.example:8080", "http", "http://chat.example", "", false},
    {"chat.example", "https", "https://chat.example/", "", false},
    {"chat.example", "https", "https://chat.exampl", "", false},
    {"chat.example", "https", "https://user@chat.example", "", false},
    {"chat.example", "https", "chat.example", "", false},
    {"h", "https", "https://a.example", "https://a.example", true},
    {"h", "https", "https://b.example", "https://a.example https://b.example", true},
    {"h", "https", "https://b.example", " https://a.example   https://b.example ", true},
    {"h", "https", "https://h", "https://a.example", true},
    {"h", "https", "http://a.example", "https://a.example", false},
    {"h", "https", "https://a.example.evil.com", "https://a.example", false},
    {"h", "https", "https://a.example https://b.example", "https://a.example https://b.example",
     false},
    {"h", "https", "", "https://a.example  https://b.example", false},
    {"h", "https", "null", "https://a.example", false},
};

static struct slice slice_of(const char *text) {
    return (struct slice){text, text != NULL ? strlen(text) : 0};
}

static void an_origin_is_ours_only_if_it_is_the_same(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(origins); i++) {
        struct handshake request = {.host = slice_of(origins[i].host),
                                    .scheme = slice_of(origins[i].scheme),
                                    .origin = slice_of(origins[i].origin)};
        if (handshake_is_cross_site(&request, origins[i].more) == origins[i].ours) {
            fail_msg("%s at %s://%s", origins[i].origin != NULL ? origins[i].origin : "(none)",
                     origins[i].scheme != NULL ? origins[i].scheme : "", origins[i].host);
        }
    }
}

/* Who asks for events with the cookie: from chat.example, where https://a.example is listed. */
static const struct {
    const char *origin, *site;
    bool ours;
} askers[] = {
    {NULL, NULL, true},
    {NULL, "same-origin", true},
    {NULL, "cross-site", false},
    {NULL, "same-site", false},
    {NULL, "none", false},
    {NULL, "", false},
    {"https://chat.example", NULL, true},
    {"https://chat.example", "same-origin", true},
    {"https://chat.example", "cross-site", false},
    {"http://chat.example", NULL, false},
    {"http://chat.example", "same-origin", false},
    {"null", NULL, false},
    {"", NULL, false},
    {"https://evil.example", "same-origin", false},
    {"https://a.example", NULL, true},
    {"https://a.example", "cross-site", true},
    {"https://a.example.evil.com", "cross-site", false},
};

static struct handshake asker(size_t i) {
    return (struct handshake){.kind = HANDSHAKE_EVENTS,
                              .host = slice_of("chat.example"),
                              .scheme = slice_of("https"),
                              .origin = slice_of(askers[i].origin),
                              .fetch_site = slice_of(askers[i].site)};
}

static void events_are_for_our_own_pages_and_those_of_listed_origins(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(askers); i++) {
        struct handshake request = asker(i);
        if (handshake_is_cross_site(&request, "https://a.example") == askers[i].ours) {
            fail_msg("%s, %s", askers[i].origin != NULL ? askers[i].origin : "(none)",
                     askers[i].site != NULL ? askers[i].site : "(none)");
        }
    }
}

static void only_a_listed_origin_may_read_events_from_elsewhere(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(askers); i++) {
        struct handshake request = asker(i);
        char *head = handshake_events(&request, "https://b.example https://a.example");
        bool listed =
            askers[i].origin != NULL && strcmp(askers[i].origin, "https://a.example") == 0;
        assert_int_equal(strstr(head, "Access-Control") != NULL, listed);
        if (listed) {
            assert_non_null(strstr(head, "\r\nAccess-Control-Allow-Origin: https://a.example\r\n"
                                         "Access-Control-Allow-Credentials: true\r\n"
                                         "Vary: Origin\r\n"));
        }
        free(head);
    }
}

static void events_are_answered_as_a_stream_that_nobody_keeps(void **state) {
    (void)state;
    struct handshake request = asker(0);
    char *head = handshake_events(&request, "");
    assert_string_equal(head, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                              "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n"
                              "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n");
    free(head);
}

/* The body is as long as it says. */
static void assert_whole(const char *answer) {
    const char *length = strstr(answer, "\r\nContent-Length: ");
    const char *body = strstr(answer, "\r\n\r\n");
    assert_non_null(length);
    assert_non_null(body);
    assert_int_equal(strtoul(length + 18, NULL, 10), strlen(body + 4));
    assert_non_null(strstr(answer, "\r\nConnection: close\r\n"));
    assert_non_null(strstr(answer, "\r\nCache-Control: no-store\r\n"));
}

static void every_refusal_is_a_whole_problem(void **state) {
    (void)state;
    for (int error = SC_OK + 1; error < SC_ERROR_COUNT; error++) {
        const struct sc_error_row *row = sc_error_row((enum sc_error)error);
        char *answer = handshake_refuse((enum sc_error)error);
        char status[32];
        snprintf(status, sizeof status, "HTTP/1.1 %d ", row->http_status);
        assert_case(strncmp(answer, status, strlen(status)) == 0, answer);
        assert_case(strstr(answer, "\r\nContent-Type: application/problem+json\r\n") != NULL,
                    answer);
        assert_case(strstr(answer, row->code) != NULL, answer);
        assert_whole(answer);
        free(answer);
    }
}

static void assert_says(enum sc_error error, const char *header) {
    char *answer = handshake_refuse(error);
    assert_case(strstr(answer, header) != NULL, answer);
    free(answer);
}

static void refusals_say_what_would_be_right(void **state) {
    (void)state;
    assert_says(SC_METHOD_NOT_ALLOWED, "\r\nAllow: GET\r\n");
    assert_says(SC_UPGRADE_REQUIRED, "\r\nSec-WebSocket-Version: 13\r\n");
    assert_says(SC_UPGRADE_REQUIRED, "\r\nUpgrade: websocket\r\n");
    assert_says(SC_UNAVAILABLE, "\r\nRetry-After: ");
    assert_says(SC_BUSY, "\r\nRetry-After: ");
    assert_says(SC_RESTARTING, "\r\nRetry-After: ");
}

static void health_is_ok_or_unavailable(void **state) {
    (void)state;
    char *answer = handshake_health(true);
    assert_int_equal(strncmp(answer, "HTTP/1.1 200 ", 13), 0);
    assert_non_null(strstr(answer, "{\"status\":\"ok\"}"));
    assert_whole(answer);
    free(answer);
    answer = handshake_health(false);
    assert_int_equal(strncmp(answer, "HTTP/1.1 503 ", 13), 0);
    assert_whole(answer);
    free(answer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_requests_are_read),
        cmocka_unit_test(invalid_requests_are_refused),
        cmocka_unit_test(a_request_that_dribbles_is_waited_for),
        cmocka_unit_test(the_length_of_a_head_is_crossed_by_one),
        cmocka_unit_test(the_longest_head_may_come_byte_by_byte),
        cmocka_unit_test(a_head_without_end_is_not_read_for_ever),
        cmocka_unit_test(what_follows_the_head_is_not_its_business),
        cmocka_unit_test(the_key_of_the_rfc_is_accepted_as_it_says),
        cmocka_unit_test(a_subprotocol_is_chosen_only_if_offered),
        cmocka_unit_test(an_origin_is_ours_only_if_it_is_the_same),
        cmocka_unit_test(events_are_for_our_own_pages_and_those_of_listed_origins),
        cmocka_unit_test(only_a_listed_origin_may_read_events_from_elsewhere),
        cmocka_unit_test(events_are_answered_as_a_stream_that_nobody_keeps),
        cmocka_unit_test(every_refusal_is_a_whole_problem),
        cmocka_unit_test(refusals_say_what_would_be_right),
        cmocka_unit_test(health_is_ok_or_unavailable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
