/*
 * form: the fields of a request, as JSON of a body and as a query.
 *
 * The same bytes go in either way. Nothing is fine that breaks its row; what is at fault is said as
 * JSON, a row for each field.
 */
#include "fuzz.h"

#include <stonechat/limits.h>
#include <stonechat/memory.h>
#include <stonechat/token.h>

#include "form.h"

enum { TITLE_MAX = 8, PAGE_MAX = 200 };

enum { NAME, PASSWORD, KEY, KIND, LIMIT_FIELD, TITLE };

static const struct form_field fields[FORM_FIELDS_MAX + 1] = {
    [NAME] = {.name = "name", .kind = FORM_NAME, .required = true},
    [PASSWORD] = {.name = "password", .kind = FORM_PASSWORD},
    [KEY] = {.name = "key", .kind = FORM_KEY},
    [KIND] = {.name = "kind", .kind = FORM_WORD, .choices = "public|private"},
    [LIMIT_FIELD] = {.name = "limit", .kind = FORM_NUMBER, .least = 1, .most = PAGE_MAX},
    [TITLE] = {.name = "title", .kind = FORM_TEXT, .shape = SC_TEXT_LINE, .most = TITLE_MAX},
};

static struct sc_settings settings;

static void judge_values(const struct form_value *values) {
    if (values[KEY].given) {
        demand(sc_key_valid(values[KEY].text, values[KEY].bytes));
    }
    if (values[LIMIT_FIELD].given) {
        demand(values[LIMIT_FIELD].number >= 1 && values[LIMIT_FIELD].number <= PAGE_MAX);
    }
    if (values[TITLE].given) {
        demand(sc_utf8_length(values[TITLE].text, values[TITLE].bytes) <= TITLE_MAX);
        demand(memchr(values[TITLE].text, '\n', values[TITLE].bytes) == NULL);
    }
    demand(values[NAME].given && strlen(values[NAME].folded) <= SC_NAME_MAX_BYTES);
}

static void judge(const struct form *form, enum sc_error error) {
    json_t *faults = form_faults(form);
    demand((error == SC_INVALID) == (faults != NULL));
    if (error == SC_OK) {
        judge_values(form->values);
    }
    if (faults != NULL) {
        char *text = json_dumps(faults, 0);
        demand(text != NULL && json_array_size(faults) <= FORM_FIELDS_MAX);
        free(text);
        json_decref(faults);
    }
}

static void decode(const struct request *request) {
    struct form form;
    enum sc_error error = form_decode(&form, fields, request, &settings);
    demand(error == SC_OK || error == SC_BAD_JSON || error == SC_INVALID);
    judge(&form, error);
    form_deinit(&form);
}

static void decode_body(const uint8_t *data, size_t size) {
    struct request request = {
        .method = METHOD_POST, .body = sc_xmemdup((const char *)data, size), .body_bytes = size};
    decode(&request);
    request_deinit(&request);
}

static void decode_query(const uint8_t *data, size_t size) {
    char *uri = sc_xasprintf("REQUEST_URI=/api/v1/x?%.*s", (int)size, (const char *)data);
    struct request request;
    if (request_init(&request, (char *[]){"REQUEST_METHOD=GET", uri, NULL}) == SC_OK) {
        decode(&request);
    }
    request_deinit(&request);
    free(uri);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (settings.log_level == NULL) {
        sc_settings_init(&settings);
    }
    decode_body(data, size);
    decode_query(data, size);
    return 0;
}
