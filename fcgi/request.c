/*
 * request: bytes from nginx in, a decoded request out.
 *
 * worker fills one for each FastCGI request, route looks it up. Knows neither libfcgi (parameters
 * are an array of strings, the body comes through a function) nor what any path means.
 */
#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <stonechat/memory.h>

#include "percent.h"

static const char PREFIX[] = "/api/v1/";

enum { BODY_STEP = 8192 };

static const char *const words[] = {
#define X(name) [METHOD_##name] = #name,
    METHODS(X)
#undef X
};

const char *method_word(enum method method) {
    return method < METHOD_OTHER ? words[method] : "";
}

static enum method method_of(const char *word) {
    if (strcmp(word, "HEAD") == 0) {
        return METHOD_GET;
    }
    enum method method = 0;
    while (method < METHOD_OTHER && strcmp(word, words[method]) != 0) {
        method++;
    }
    return method;
}

static const char *parameter(char *const *parameters, const char *name) {
    size_t bytes = strlen(name);
    for (; *parameters; parameters++) {
        if (strncmp(*parameters, name, bytes) == 0 && (*parameters)[bytes] == '=') {
            return *parameters + bytes + 1;
        }
    }
    return "";
}

/* Two of what decides over trust: whoever stands before us could have read the other one. */
static bool is_doubled(char *const *parameters) {
    static const char *const names[] = {"HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE", "HTTP_AUTHORIZATION"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t bytes = strlen(names[i]), count = 0;
        for (char *const *at = parameters; *at; at++) {
            count += strncmp(*at, names[i], bytes) == 0 && (*at)[bytes] == '=';
        }
        if (count > 1) {
            return true;
        }
    }
    return false;
}

static enum sc_error take_path(struct request *request, char *path) {
    if (strncmp(path, PREFIX, sizeof PREFIX - 1) != 0) {
        return SC_NOT_FOUND;
    }
    char *rest = path + sizeof PREFIX - 1;
    while (rest) {
        char *text = strsep(&rest, "/");
        struct piece piece = {text, strlen(text)};
        if (request->segments_count == REQUEST_SEGMENTS_MAX) {
            return SC_NOT_FOUND;
        }
        if (!percent_decode(text, &piece.bytes, PERCENT_PATH)) {
            return SC_BAD_REQUEST;
        }
        request->segments[request->segments_count++] = piece;
    }
    return SC_OK;
}

static enum sc_error take_query(struct request *request, char *rest) {
    while (rest && *rest) {
        char *value = strsep(&rest, "&");
        char *name = strsep(&value, "=");
        if (!value) {
            value = name + strlen(name);
        }
        struct request_pair pair = {{name, strlen(name)}, {value, strlen(value)}};
        if (request->pairs_count == REQUEST_PAIRS_MAX) {
            return SC_BAD_REQUEST;
        }
        if (!percent_decode(value, &pair.value.bytes, PERCENT_QUERY) ||
            !percent_decode(name, &pair.name.bytes, PERCENT_QUERY)) {
            return SC_BAD_REQUEST;
        }
        request->pairs[request->pairs_count++] = pair;
    }
    return SC_OK;
}

static enum sc_error take_length(struct request *request, const char *text) {
    request->content_length = -1;
    if (*text == '\0') {
        return SC_OK;
    }
    if (strspn(text, "0123456789") != strlen(text) || strlen(text) > 18) {
        return SC_BAD_REQUEST;
    }
    request->content_length = strtoll(text, NULL, 10);
    return SC_OK;
}

static void take_headers(struct request *request, char *const *parameters) {
    request->method = method_of(parameter(parameters, "REQUEST_METHOD"));
    request->host = parameter(parameters, "HTTP_HOST");
    request->origin = parameter(parameters, "HTTP_ORIGIN");
    request->sec_fetch_site = parameter(parameters, "HTTP_SEC_FETCH_SITE");
    request->content_type = parameter(parameters, "CONTENT_TYPE");
    request->authorization = parameter(parameters, "HTTP_AUTHORIZATION");
    request->cookie = parameter(parameters, "HTTP_COOKIE");
    request->user_agent = parameter(parameters, "HTTP_USER_AGENT");
    request->spooled = parameter(parameters, "SPOOLED_BODY");
    snprintf(request->address, sizeof request->address, "%s", parameter(parameters, "REMOTE_ADDR"));
    request->secure = strcmp(parameter(parameters, "HTTPS"), "on") == 0;
}

enum sc_error request_init(struct request *request, char *const *parameters) {
    *request = (struct request){0};
    take_headers(request, parameters);
    const char *uri = parameter(parameters, "REQUEST_URI");
    size_t path_bytes = strcspn(uri, "?");
    request->path_memory = sc_xmemdup(uri, path_bytes);
    request->query_memory = sc_xstrdup(uri[path_bytes] ? uri + path_bytes + 1 : "");

    enum sc_error error = is_doubled(parameters) ? SC_BAD_REQUEST : SC_OK;
    if (error == SC_OK) {
        error = take_path(request, request->path_memory);
    }
    if (error == SC_OK) {
        error = take_query(request, request->query_memory);
    }
    if (error == SC_OK) {
        error = take_length(request, parameter(parameters, "CONTENT_LENGTH"));
    }
    return error;
}

void request_deinit(struct request *request) {
    free(request->body);
    free(request->query_memory);
    free(request->path_memory);
    *request = (struct request){0};
}

enum sc_error request_read_body(struct request *request, size_t most) {
    if (request->content_length > (int64_t)most) {
        return SC_TOO_LARGE;
    }
    size_t held = 0, got = 0, asked;
    do {
        asked = most + 1 - held < BODY_STEP ? most + 1 - held : BODY_STEP;
        request->body = sc_xrealloc(request->body, held + asked + 1);
        got = request->source(request->source_context, request->body + held, asked);
        held += got;
    } while (got == asked && held <= most);
    request->body[held] = '\0';
    request->body_bytes = held;
    if (held > most) {
        return SC_TOO_LARGE;
    }
    bool whole = request->content_length < 0 || (int64_t)held == request->content_length;
    return whole ? SC_OK : SC_BAD_REQUEST;
}

static bool is_form(const struct request *request) {
    static const char type[] = "application/x-www-form-urlencoded";
    size_t bytes = sizeof type - 1;
    return strncasecmp(request->content_type, type, bytes) == 0 &&
           strchr(" ;", request->content_type[bytes]);
}

enum sc_error request_unwrap_body(struct request *request, const char *name) {
    char *rest = request->body;
    if (!is_form(request) || !request->body) {
        return SC_OK;
    }
    request->body_bytes = 0;
    while (rest) {
        char *value = strsep(&rest, "&");
        const char *found = strsep(&value, "=");
        size_t bytes = value ? strlen(value) : 0;
        if (!value || strcmp(found, name) != 0) {
            continue;
        }
        if (!percent_decode(value, &bytes, PERCENT_QUERY)) {
            return SC_BAD_REQUEST;
        }
        memmove(request->body, value, bytes + 1);
        request->body_bytes = bytes;
        break;
    }
    request->body[request->body_bytes] = '\0';
    return SC_OK;
}

const struct piece *request_query(const struct request *request, const char *name) {
    size_t bytes = strlen(name);
    for (size_t i = 0; i < request->pairs_count; i++) {
        const struct request_pair *pair = &request->pairs[i];
        if (pair->name.bytes == bytes && memcmp(pair->name.text, name, bytes) == 0) {
            return &pair->value;
        }
    }
    return NULL;
}

const char *request_cookie(const struct request *request, const char *name, size_t *bytes_out) {
    size_t name_bytes = strlen(name);
    const char *at = request->cookie;
    while (*at) {
        at += strspn(at, " \t;");
        size_t bytes = strcspn(at, ";");
        if (bytes > name_bytes && strncmp(at, name, name_bytes) == 0 && at[name_bytes] == '=') {
            const char *value = at + name_bytes + 1;
            *bytes_out = bytes - name_bytes - 1;
            while (*bytes_out > 0 && value[*bytes_out - 1] == ' ') {
                --*bytes_out;
            }
            return value;
        }
        at += bytes;
    }
    return NULL;
}
