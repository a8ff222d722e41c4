/*
 * request: FastCGI's parameters, one a line, and after an empty line the body.
 *
 * What is decoded lies where it should, says the same when it is encoded anew and decoded again,
 * and no body is longer than was allowed.
 */
#include "fuzz.h"

#include <stonechat/memory.h>

#include "request.h"

enum { PARAMETERS_MAX = 16, BODY_MAX = 256 };

struct body {
    const char *at;
    size_t left;
};

static size_t read_body(void *context, char *out, size_t bytes) {
    struct body *body = context;
    size_t got = bytes < body->left ? bytes : body->left;
    memcpy(out, body->at, got);
    body->at += got;
    body->left -= got;
    return got;
}

/* Cuts `text` at its lines; what follows the first empty one is the body. */
static char *cut_lines(char *text, char *parameters[PARAMETERS_MAX + 1]) {
    char *rest = text, *line;
    size_t count = 0;
    while (count < PARAMETERS_MAX && (line = strsep(&rest, "\n")) != NULL && *line != '\0') {
        parameters[count++] = line;
    }
    parameters[count] = NULL;
    return rest;
}

static size_t encode(char *out, struct piece piece) {
    for (size_t i = 0; i < piece.bytes; i++) {
        sprintf(out + 3 * i, "%%%02X", (unsigned char)piece.text[i]);
    }
    return 3 * piece.bytes;
}

static bool same(struct piece one, struct piece other) {
    return one.bytes == other.bytes && memcmp(one.text, other.text, one.bytes) == 0;
}

static void judge_same(const struct request *one, const struct request *other) {
    demand(one->segments_count == other->segments_count && one->pairs_count == other->pairs_count);
    for (size_t i = 0; i < one->segments_count; i++) {
        demand(same(one->segments[i], other->segments[i]));
        demand(one->segments[i].text[one->segments[i].bytes] == '\0');
    }
    for (size_t i = 0; i < one->pairs_count; i++) {
        demand(same(one->pairs[i].name, other->pairs[i].name));
        demand(same(one->pairs[i].value, other->pairs[i].value));
        demand(one->pairs[i].value.text[one->pairs[i].value.bytes] == '\0');
    }
}

/* The same path and query with every byte percent-encoded. */
static void judge_encoded_anew(const struct request *request, size_t size) {
    char *uri = malloc(64 + 3 * size), *at = uri + sprintf(uri, "REQUEST_URI=/api/v1");
    for (size_t i = 0; i < request->segments_count; i++) {
        *at++ = '/';
        at += encode(at, request->segments[i]);
    }
    for (size_t i = 0; i < request->pairs_count; i++) {
        *at++ = i == 0 ? '?' : '&';
        at += encode(at, request->pairs[i].name);
        *at++ = '=';
        at += encode(at, request->pairs[i].value);
    }
    *at = '\0';
    struct request again;
    demand(request_init(&again, (char *[]){uri, NULL}) == SC_OK);
    judge_same(request, &again);
    request_deinit(&again);
    free(uri);
}

static void judge_cookie(const struct request *request, const char *name) {
    size_t bytes = 0;
    const char *value = request_cookie(request, name, &bytes);
    if (value != NULL) {
        size_t name_bytes = strlen(name);
        demand(value >= request->cookie + name_bytes + 1);
        demand(value + bytes <= request->cookie + strlen(request->cookie));
        demand(memcmp(value - name_bytes - 1, name, name_bytes) == 0 && value[-1] == '=');
        demand(memchr(value, ';', bytes) == NULL);
    }
}

static void judge_body(struct request *request, char *body) {
    struct body source = {body != NULL ? body : "", body != NULL ? strlen(body) : 0};
    size_t bytes = source.left;
    request->source = read_body;
    request->source_context = &source;
    enum sc_error error = request_read_body(request, BODY_MAX);
    if (error == SC_OK) {
        demand(request->body_bytes == bytes && bytes <= BODY_MAX);
        demand(request->body[bytes] == '\0');
    }
    demand((error == SC_TOO_LARGE) ==
           (bytes > BODY_MAX || request->content_length > (int64_t)BODY_MAX));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = sc_xmemdup((const char *)data, size);
    char *parameters[PARAMETERS_MAX + 1];
    char *body = cut_lines(text, parameters);
    struct request request;
    enum sc_error error = request_init(&request, parameters);
    demand(error == SC_OK || error == SC_BAD_REQUEST || error == SC_NOT_FOUND);
    judge_cookie(&request, "stonechat");
    judge_cookie(&request, "__Host-stonechat");
    if (error == SC_OK) {
        judge_encoded_anew(&request, size);
        judge_body(&request, body);
    }
    request_deinit(&request);
    free(text);
    return 0;
}
