/* reply and problem: the body, the headers, and refusals in their one form. */
#include "suite.h"

#include "problem.h"

static void a_body_may_have_text_among_its_members(void **state) {
    (void)state;
    struct reply reply;
    reply_init(&reply);
    json_t *object = json_pack("{s:i}", "a", 1);
    FILE *body = reply_begin(&reply, 201);
    reply_open_object(body, object);
    fputs(",\"raw\":{\"b\":2}}", body);
    reply_end(&reply);
    assert_int_equal(reply.status, 201);
    assert_string_equal(reply.content_type, "application/json; charset=utf-8");
    assert_string_equal(reply.body_text, "{\"a\":1,\"raw\":{\"b\":2}}");
    json_decref(object);
    reply_deinit(&reply);
}

static void nothing_has_no_body(void **state) {
    (void)state;
    struct reply reply;
    reply_init(&reply);
    reply_header(&reply, "X-A", "b");
    reply_nothing(&reply);
    reply_end(&reply);
    assert_int_equal(reply.status, 204);
    assert_null(reply.content_type);
    assert_int_equal(reply.body_bytes, 0);
    assert_string_equal(reply.headers_text, "X-A: b\r\n");
    reply_deinit(&reply);
}

struct taken {
    char text[64];
    size_t pieces;
    bool had_head; /* the latest piece came after another */
};

static bool take_piece(void *context, const struct reply *reply) {
    struct taken *taken = context;
    strncat(taken->text, reply->body_text, reply->body_bytes);
    taken->had_head = reply->streamed;
    return ++taken->pieces < 3;
}

static void a_stream_goes_out_piece_by_piece_until_nobody_takes_it(void **state) {
    (void)state;
    struct taken taken = {.text = ""};
    struct reply reply;
    reply_init(&reply);
    reply.send = take_piece;
    reply.send_context = &taken;
    reply_reset(&reply);
    fputs("a long first piece\n", reply_begin_stream(&reply, 200, "text/plain"));
    assert_false(reply.streamed);
    assert_true(reply_flush(&reply));
    assert_true(reply.streamed);
    assert_false(taken.had_head);
    fputs("two\n", reply.body);
    assert_true(reply_flush(&reply));
    assert_true(taken.had_head);
    assert_string_equal(taken.text, "a long first piece\ntwo\n");
    assert_false(reply_flush(&reply));
    assert_string_equal(taken.text, "a long first piece\ntwo\n");
    reply_deinit(&reply);
}

/* The problem that an error is answered with; its headers are left in `headers`. */
static json_t *problem_of(enum sc_error error, int64_t retry_ms, char headers[256]) {
    struct exchange x = {.retry_ms = retry_ms};
    reply_init(&x.reply);
    problem_reply(&x, error);
    reply_end(&x.reply);
    assert_string_equal(x.reply.content_type, "application/problem+json");
    assert_int_equal(x.reply.status, sc_error_row(error)->http_status);
    snprintf(headers, 256, "%s", x.reply.headers_text);
    json_t *problem = json_loadb(x.reply.body_text, x.reply.body_bytes, 0, NULL);
    reply_deinit(&x.reply);
    return problem;
}

static void every_error_is_a_whole_problem(void **state) {
    (void)state;
    for (enum sc_error error = SC_BAD_JSON; error < SC_ERROR_COUNT; error++) {
        const char *type, *title, *detail, *code;
        int status;
        char headers[256];
        json_t *problem = problem_of(error, 0, headers);
        assert_int_equal(json_unpack(problem, "{s:s,s:s,s:i,s:s,s:s!}", "type", &type, "title",
                                     &title, "status", &status, "detail", &detail, "code", &code),
                         0);
        assert_string_equal(type, "about:blank");
        assert_string_equal(title, sc_http_reason(status));
        assert_string_equal(code, sc_error_row(error)->code);
        assert_true(title[0] && detail[0]);
        json_decref(problem);
    }
}

static void when_to_come_back_is_told_in_whole_seconds(void **state) {
    (void)state;
    static const struct {
        enum sc_error error;
        int64_t retry_ms;
        const char *headers;
    } rows[] = {
        {SC_RATE_LIMITED, 0, "Retry-After: 1\r\n"},
        {SC_RATE_LIMITED, 1, "Retry-After: 1\r\n"},
        {SC_RATE_LIMITED, 1000, "Retry-After: 1\r\n"},
        {SC_RATE_LIMITED, 1001, "Retry-After: 2\r\n"},
        {SC_UNAVAILABLE, 0, "Retry-After: 1\r\n"},
        {SC_BUSY, 0, "Retry-After: 1\r\n"},
        {SC_NOT_FOUND, 5000, ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char headers[256];
        json_decref(problem_of(rows[i].error, rows[i].retry_ms, headers));
        assert_string_equal(headers, rows[i].headers);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_may_have_text_among_its_members),
        cmocka_unit_test(nothing_has_no_body),
        cmocka_unit_test(a_stream_goes_out_piece_by_piece_until_nobody_takes_it),
        cmocka_unit_test(every_error_is_a_whole_problem),
        cmocka_unit_test(when_to_come_back_is_told_in_whole_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
