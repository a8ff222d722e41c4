/* form: fields out of a body or a query, with all faults at once. */
#include "suite.h"

#include <stonechat/limits.h>

#include "form.h"
#include "given.h"

enum { NAME, PASSWORD, TEXT, KEY, KIND, SEQ };

static const struct form_field fields[] = {
    [NAME] = {"name", FORM_NAME, .required = true},
    [PASSWORD] = {"password", FORM_PASSWORD, .required = false},
    [TEXT] = {"text", FORM_TEXT, .shape = SC_TEXT_PROSE, .least = 1,
              .most_setting = LIMIT(text_chars), .bytes_setting = LIMIT(text_bytes)},
    [KEY] = {"key", FORM_KEY, .required = false},
    [KIND] = {"kind", FORM_WORD, .choices = "public|private"},
    [SEQ] = {"seq", FORM_NUMBER, .least = 1, .most_setting = LIMIT(page)},
    {.name = NULL},
};

struct fixture {
    struct sc_settings settings;
    struct request request;
    struct form form;
};

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    sc_settings_init(&f->settings);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    form_deinit(&f->form);
    request_deinit(&f->request);
    sc_settings_deinit(&f->settings);
    free(f);
    return 0;
}

static void forget(struct fixture *f) {
    form_deinit(&f->form);
    request_deinit(&f->request);
}

static const struct form_field optional[] = {
    {"muted", FORM_FLAG, .required = false},
    {.name = NULL},
};

static enum sc_error decode_as(struct fixture *f, const struct form_field *table, const char *json,
                               size_t bytes) {
    struct given_body body = {.text = json, .bytes = bytes};
    forget(f);
    given_request(&f->request, "REQUEST_METHOD=POST", "REQUEST_URI=/api/v1/x");
    f->request.source = given_read;
    f->request.source_context = &body;
    assert_int_equal(request_read_body(&f->request, 1 << 20), SC_OK);
    return form_decode(&f->form, table, &f->request, &f->settings);
}

static enum sc_error decode_bytes(struct fixture *f, const char *json, size_t bytes) {
    return decode_as(f, fields, json, bytes);
}

static enum sc_error decode(struct fixture *f, const char *json) {
    return decode_bytes(f, json, strlen(json));
}

static enum sc_error decode_query(struct fixture *f, const char *uri) {
    forget(f);
    given_request(&f->request, "REQUEST_METHOD=GET", (char *)uri);
    return form_decode(&f->form, fields, &f->request, &f->settings);
}

static void values_arrive_checked_and_unknown_members_are_ignored(void **state) {
    struct fixture *f = *state;
    assert_int_equal(decode(f, "{\"name\":\"Ａlice\",\"text\":\"a\\nb\",\"key\":\"key-0000\","
                               "\"kind\":\"private\",\"seq\":7,\"role\":\"admin\",\"id\":1}"),
                     SC_OK);
    assert_string_equal(f->form.values[NAME].folded, "alice");
    assert_string_equal(f->form.values[TEXT].text, "a\nb");
    assert_string_equal(f->form.values[KEY].text, "key-0000");
    assert_string_equal(f->form.values[KIND].text, "private");
    assert_int_equal(f->form.values[SEQ].number, 7);
    assert_false(f->form.values[PASSWORD].given);
    assert_null(form_faults(&f->form));
}

/* Each of these bodies is no JSON object that anybody would send. */
static const struct {
    const char *what;
    const char *json;
} bad[] = {
    {"nothing", ""},
    {"a word", "hello"},
    {"an array", "[]"},
    {"a string", "\"x\""},
    {"null", "null"},
    {"cut off", "{\"name\":\"alice\""},
    {"text behind it", "{\"name\":\"alice\"}x"},
    {"two objects", "{}{}"},
    {"a member twice", "{\"name\":\"alice\",\"name\":\"bob\"}"},
    {"a member twice, deeper", "{\"name\":\"alice\",\"x\":{\"a\":1,\"a\":2}}"},
    {"NUL in a text", "{\"name\":\"ali\\u0000ce\"}"},
    {"NUL in a member's name", "{\"na\\u0000me\":\"alice\"}"},
    {"a lone surrogate", "{\"name\":\"\\ud800\"}"},
    {"a raw control character", "{\"name\":\"a\nb\"}"},
    {"single quotes", "{'name':'alice'}"},
    {"a trailing comma", "{\"name\":\"alice\",}"},
    {"a number that overflows", "{\"name\":\"alice\",\"seq\":1e999}"},
    {"a comment", "{\"name\":\"alice\"/**/}"},
};

static void what_is_no_json_object_is_refused(void **state) {
    struct fixture *f = *state;
    for (size_t i = 0; i < ROWS(bad); i++) {
        assert_case(decode(f, bad[i].json) == SC_BAD_JSON, bad[i].what);
    }
    assert_int_equal(decode_bytes(f, "{\"name\":\"alice\"}\0", 17), SC_BAD_JSON);
}

/* {"name":"alice","x":[[[...]]]} of `depth` levels in all. */
static char *nested(size_t depth) {
    char *json = calloc(1, 64 + 2 * depth);
    strcpy(json, "{\"name\":\"alice\",\"x\":");
    memset(json + strlen(json), '[', depth - 1);
    memset(json + strlen(json), ']', depth - 1);
    return strcat(json, "}");
}

static void depth_is_bounded(void **state) {
    struct fixture *f = *state;
    static const struct {
        size_t depth;
        enum sc_error error;
    } rows[] = {{SC_JSON_DEPTH, SC_OK}, {SC_JSON_DEPTH + 1, SC_BAD_JSON}, {30000, SC_BAD_JSON}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        char *json = nested(rows[i].depth);
        assert_int_equal(decode(f, json), rows[i].error);
        free(json);
    }
}

static char *with_members(int count) {
    char *json = calloc(1, 32 + 16 * (size_t)count);
    strcpy(json, "{\"name\":\"alice\"");
    for (int i = 1; i < count; i++) {
        sprintf(json + strlen(json), ",\"m%d\":0", i);
    }
    return strcat(json, "}");
}

static void members_are_bounded(void **state) {
    struct fixture *f = *state;
    char *most = with_members(SC_JSON_MEMBERS), *more = with_members(SC_JSON_MEMBERS + 1);
    assert_int_equal(decode(f, most), SC_OK);
    assert_int_equal(decode(f, more), SC_BAD_JSON);
    free(more);
    free(most);
}

/* The first fault, as `FIELD CODE`. */
static const char *first_fault(struct fixture *f) {
    static char text[128];
    json_t *faults = form_faults(&f->form);
    json_t *first = json_array_get(faults, 0);
    snprintf(text, sizeof text, "%s %s", json_string_value(json_object_get(first, "field")),
             json_string_value(json_object_get(first, "code")));
    json_decref(faults);
    return text;
}

static const struct {
    const char *json;
    const char *fault;
} faulty[] = {
    {"{}", "name required"},
    {"{\"name\":null}", "name type"},
    {"{\"name\":5}", "name type"},
    {"{\"name\":[\"alice\"]}", "name type"},
    {"{\"name\":\"a\"}", "name too_short"},
    {"{\"name\":\"a b\"}", "name characters"},
    {"{\"name\":\"p\xD0\xB0ypal\"}", "name look_alike"},
    {"{\"name\":\"alice\",\"password\":\"1234567\"}", "password too_short"},
    {"{\"name\":\"alice\",\"password\":\"Password1\"}", "password common"},
    {"{\"name\":\"alice\",\"text\":\"\"}", "text too_short"},
    {"{\"name\":\"alice\",\"text\":\" \\n\"}", "text blank"},
    {"{\"name\":\"alice\",\"text\":\"\\u0007\"}", "text characters"},
    {"{\"name\":\"alice\",\"key\":\"1234567\"}", "key too_short"},
    {"{\"name\":\"alice\",\"key\":\"1234567.\"}", "key characters"},
    {"{\"name\":\"alice\",\"key\":\"1234567\\r\\n\"}", "key characters"},
    {"{\"name\":\"alice\",\"kind\":\"\"}", "kind choice"},
    {"{\"name\":\"alice\",\"kind\":\"publi\"}", "kind choice"},
    {"{\"name\":\"alice\",\"kind\":\"public|private\"}", "kind choice"},
    {"{\"name\":\"alice\",\"seq\":0}", "seq range"},
    {"{\"name\":\"alice\",\"seq\":201}", "seq range"},
    {"{\"name\":\"alice\",\"seq\":-9223372036854775808}", "seq range"},
    {"{\"name\":\"alice\",\"seq\":1.0}", "seq type"},
    {"{\"name\":\"alice\",\"seq\":\"1\"}", "seq type"},
    {"{\"name\":\"alice\",\"seq\":true}", "seq type"},
    {"{\"name\":\"alice\",\"x\":\"\xff\"}", "body utf8"},
    {"{\"name\":\"alice\",\"x\":\"\xed\xa0\x80\"}", "body utf8"},
};

static void each_fault_is_named_with_its_field(void **state) {
    struct fixture *f = *state;
    for (size_t i = 0; i < ROWS(faulty); i++) {
        assert_case(decode(f, faulty[i].json) == SC_INVALID, faulty[i].json);
        assert_case(strcmp(first_fault(f), faulty[i].fault) == 0, faulty[i].json);
    }
}

static void all_faults_are_told_at_once(void **state) {
    struct fixture *f = *state;
    assert_int_equal(decode(f, "{\"password\":\"x\",\"kind\":\"x\",\"seq\":\"x\"}"), SC_INVALID);
    json_t *faults = form_faults(&f->form);
    assert_int_equal(json_array_size(faults), 4);
    json_decref(faults);
}

static void limits_are_crossed_by_one(void **state) {
    struct fixture *f = *state;
    f->settings.limits_text_chars = 5;
    f->settings.limits_text_bytes = 6;
    assert_int_equal(decode(f, "{\"name\":\"alice\",\"text\":\"12345\"}"), SC_OK);
    assert_int_equal(decode(f, "{\"name\":\"alice\",\"text\":\"123456\"}"), SC_INVALID);
    assert_int_equal(decode(f, "{\"name\":\"alice\",\"text\":\"你好\"}"), SC_OK);
    assert_int_equal(decode(f, "{\"name\":\"alice\",\"text\":\"你好!\"}"), SC_INVALID);
    f->settings.limits_page = 300;
    assert_int_equal(decode(f, "{\"name\":\"alice\",\"seq\":300}"), SC_OK);
    assert_int_equal(decode(f, "{\"name\":\"alice\",\"seq\":301}"), SC_INVALID);
}

static void ids_are_ids_and_none_comes_twice(void **state) {
    struct fixture *f = *state;
    static const struct form_field ids[] = {
        {"ids", FORM_IDS, .most_setting = LIMIT(files_per_message)}, {.name = NULL}};
    static const struct {
        const char *json;
        const char *fault; /* NULL: fine */
    } rows[] = {
        {"{}", NULL},
        {"{\"ids\":[]}", NULL},
        {"{\"ids\":[\"a\",\"b\"]}", NULL},
        {"{\"ids\":\"a\"}", "ids type"},
        {"{\"ids\":{}}", "ids type"},
        {"{\"ids\":[1]}", "ids type"},
        {"{\"ids\":[\"a\",null]}", "ids type"},
        {"{\"ids\":[\"\"]}", "ids choice"},
        {"{\"ids\":[\"A\"]}", "ids choice"},
        {"{\"ids\":[\"a b\"]}", "ids choice"},
        {"{\"ids\":[\"a\",\"b\",\"a\"]}", "ids choice"},
        {"{\"ids\":[\"a\",\"b\",\"c\",\"d\"]}", "ids range"},
    };
    f->settings.limits_files_per_message = 3;
    for (size_t i = 0; i < ROWS(rows); i++) {
        enum sc_error error = decode_as(f, ids, rows[i].json, strlen(rows[i].json));
        assert_case(error == (rows[i].fault ? SC_INVALID : SC_OK), rows[i].json);
        assert_case(!rows[i].fault || strcmp(first_fault(f), rows[i].fault) == 0, rows[i].json);
    }
}

static void a_query_obeys_the_same_rules(void **state) {
    struct fixture *f = *state;
    assert_int_equal(decode_query(f, "REQUEST_URI=/api/v1/x?name=Bob&seq=200&kind=public"), SC_OK);
    assert_string_equal(f->form.values[NAME].folded, "bob");
    assert_int_equal(f->form.values[SEQ].number, 200);
    static const struct {
        const char *uri;
        const char *fault;
    } rows[] = {
        {"REQUEST_URI=/api/v1/x", "name required"},
        {"REQUEST_URI=/api/v1/x?name=bob&seq=", "seq type"},
        {"REQUEST_URI=/api/v1/x?name=bob&seq=-1", "seq type"},
        {"REQUEST_URI=/api/v1/x?name=bob&seq=1x", "seq type"},
        {"REQUEST_URI=/api/v1/x?name=bob&seq=1%00", "seq type"},
        {"REQUEST_URI=/api/v1/x?name=bob&seq=201", "seq range"},
        {"REQUEST_URI=/api/v1/x?name=bob&seq=99999999999999999999999", "seq range"},
        {"REQUEST_URI=/api/v1/x?name=bob&text=%ff", "text utf8"},
        {"REQUEST_URI=/api/v1/x?name=bob&text=%00", "text characters"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_case(decode_query(f, rows[i].uri) == SC_INVALID, rows[i].uri);
        assert_case(strcmp(first_fault(f), rows[i].fault) == 0, rows[i].uri);
    }
}

static void a_flag_is_true_or_false(void **state) {
    struct fixture *f = *state;
    assert_int_equal(decode_as(f, optional, "{\"muted\":true}", 14), SC_OK);
    assert_true(f->form.values[0].given && f->form.values[0].number == 1);
    assert_int_equal(decode_as(f, optional, "{\"muted\":false}", 15), SC_OK);
    assert_true(f->form.values[0].given && f->form.values[0].number == 0);
    assert_int_equal(decode_as(f, optional, "{\"muted\":1}", 11), SC_INVALID);
    assert_int_equal(decode_as(f, optional, "{\"muted\":null}", 14), SC_INVALID);
}

static void a_body_may_be_left_out_where_nothing_is_required(void **state) {
    struct fixture *f = *state;
    assert_int_equal(decode_as(f, optional, "", 0), SC_OK);
    assert_false(f->form.values[0].given);
    assert_int_equal(decode_as(f, optional, " ", 1), SC_BAD_JSON);
    assert_int_equal(decode(f, ""), SC_BAD_JSON);
}

#define FIXED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        FIXED(values_arrive_checked_and_unknown_members_are_ignored),
        FIXED(what_is_no_json_object_is_refused),
        FIXED(depth_is_bounded),
        FIXED(members_are_bounded),
        FIXED(each_fault_is_named_with_its_field),
        FIXED(all_faults_are_told_at_once),
        FIXED(limits_are_crossed_by_one),
        FIXED(ids_are_ids_and_none_comes_twice),
        FIXED(a_query_obeys_the_same_rules),
        FIXED(a_flag_is_true_or_false),
        FIXED(a_body_may_be_left_out_where_nothing_is_required),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
