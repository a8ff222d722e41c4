/*
 * handshake: reads the request head, line by line (see handshake.h).
 *
 * One row a header that matters: where its value goes, or what it must say. nginx stands in front,
 * but nothing here relies on its having checked anything.
 */
#include "handshake.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <stonechat/memory.h>

/* What must be remembered while the lines are read. */
struct reading {
    struct handshake *out;
    bool old; /* HTTP/1.0, in which health checks are often put */
    struct slice upgrade, connection, version, protocol, authorization, cookie, length, encoding,
        last_event_id;
};

static struct slice *place_of(struct reading *reading, struct slice name) {
    const struct {
        const char *name;
        struct slice *place;
    } rows[] = {
        {"host", &reading->out->host},
        {"origin", &reading->out->origin},
        {"x-forwarded-proto", &reading->out->scheme},
        {"x-real-ip", &reading->out->address},
        {"sec-websocket-key", &reading->out->key},
        {"sec-websocket-version", &reading->version},
        {"sec-websocket-protocol", &reading->protocol},
        {"upgrade", &reading->upgrade},
        {"connection", &reading->connection},
        {"authorization", &reading->authorization},
        {"cookie", &reading->cookie},
        {"last-event-id", &reading->out->last_event_id},
        {"sec-fetch-site", &reading->out->fetch_site},
        {"content-length", &reading->length},
        {"transfer-encoding", &reading->encoding},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (slice_says(name, rows[i].name)) {
            return rows[i].place;
        }
    }
    return NULL;
}

static bool has_controls(struct slice slice) {
    for (size_t i = 0; i < slice.bytes; i++) {
        unsigned char c = (unsigned char)slice.text[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return true;
        }
    }
    return false;
}

/* A header that matters must not come twice: two readers could choose differently. One is a list
 * that may be spread over several (RFC 6455 section 11.3.2). */
static enum sc_error read_header(struct reading *reading, struct slice line) {
    struct slice value = line;
    struct slice name = slice_cut(&value, ':');
    if (name.bytes == line.bytes || !slice_is_token(name) || has_controls(value)) {
        return SC_BAD_REQUEST;
    }
    if (slice_says(name, "sec-websocket-extensions")) {
        return offer_read(value, &reading->out->deflate) ? SC_OK : SC_BAD_REQUEST;
    }
    struct slice *place = place_of(reading, name);
    if (place == NULL) {
        return SC_OK;
    }
    if (place->text != NULL) {
        return SC_BAD_REQUEST;
    }
    *place = slice_trim(value);
    return SC_OK;
}

static bool find_kind(struct slice path, enum handshake_kind *kind_out) {
    static const char *const paths[] = {
        [HANDSHAKE_UPGRADE] = "/ws",
        [HANDSHAKE_EVENTS] = "/events",
        [HANDSHAKE_HEALTH] = "/health",
        [HANDSHAKE_METRICS] = "/metrics",
    };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (slice_is(path, paths[i])) {
            *kind_out = (enum handshake_kind)i;
            return true;
        }
    }
    return false;
}

/* GET /ws?ticket=T HTTP/1.1 */
static enum sc_error read_request_line(struct reading *reading, struct slice line) {
    struct handshake *out = reading->out;
    struct slice method = slice_cut(&line, ' ');
    struct slice query = slice_cut(&line, ' ');
    reading->old = slice_is(line, "HTTP/1.0");
    if ((!reading->old && !slice_is(line, "HTTP/1.1")) || !slice_is_token(method) ||
        query.bytes == 0 || has_controls(query) || memchr(query.text, '\t', query.bytes) != NULL) {
        return SC_BAD_REQUEST;
    }
    struct slice path = slice_cut(&query, '?');
    if (!find_kind(path, &out->kind)) {
        return SC_NOT_FOUND;
    }
    if (query.bytes > 0) {
        out->ticket = slice_find(query, '&', "ticket");
        reading->last_event_id = slice_find(query, '&', "last_event_id");
    }
    return slice_is(method, "GET") ? SC_OK : SC_METHOD_NOT_ALLOWED;
}

/* Behind TLS only the cookie that a browser takes from this very host over TLS will do: any other
 * could have been planted by a sibling domain. */
static const char *cookie_name(const struct handshake *request) {
    return slice_says(request->scheme, "https") ? "__Host-stonechat" : "stonechat";
}

static void pick_credentials(const struct reading *reading) {
    struct handshake *out = reading->out;
    out->cookie_token = slice_find(reading->cookie, ';', cookie_name(out));
    struct slice token = reading->authorization;
    if (token.text != NULL && slice_says(slice_cut(&token, ' '), "bearer")) {
        out->bearer = slice_trim(token);
    }
}

/* A key is 16 bytes in base64: 22 characters and two signs of padding. */
static bool key_is_fine(struct slice key) {
    return key.text != NULL && key.bytes == 24 && key.text[22] == '=' && key.text[23] == '=' &&
           strspn(key.text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") >=
               22;
}

/* Figures are for this machine only: a proxy that lets everything through shows them to nobody. */
static bool came_by_proxy(const struct handshake *out) {
    return out->scheme.text != NULL || out->address.text != NULL;
}

static enum sc_error check_upgrade(const struct reading *reading) {
    const struct handshake *out = reading->out;
    bool has_body = reading->length.text != NULL || reading->encoding.text != NULL;
    if (has_body || (out->host.text == NULL && !reading->old)) {
        return SC_BAD_REQUEST;
    }
    if (out->kind == HANDSHAKE_METRICS && came_by_proxy(out)) {
        return SC_NOT_FOUND;
    }
    if (out->kind != HANDSHAKE_UPGRADE) {
        return SC_OK;
    }
    if (reading->old || !slice_lists(reading->upgrade, "websocket") ||
        !slice_lists(reading->connection, "upgrade") || !slice_is(reading->version, "13")) {
        return SC_UPGRADE_REQUIRED;
    }
    return key_is_fine(out->key) ? SC_OK : SC_BAD_REQUEST;
}

/* The next line without its CR LF; a line that ends in a bare LF is none. */
static bool cut_line(struct slice *head, struct slice *line_out) {
    *line_out = slice_cut(head, '\n');
    if (line_out->bytes == 0 || line_out->text[line_out->bytes - 1] != '\r') {
        return false;
    }
    line_out->bytes--;
    return true;
}

static enum sc_error read_lines(struct slice head, struct reading *reading) {
    struct slice line;
    if (!cut_line(&head, &line)) {
        return SC_BAD_REQUEST;
    }
    enum sc_error error = read_request_line(reading, line);
    while (error == SC_OK && head.bytes > 0) {
        error = !cut_line(&head, &line) ? SC_BAD_REQUEST
                : line.bytes > 0        ? read_header(reading, line)
                                        : SC_OK;
    }
    return error;
}

static enum sc_error read_head(struct slice head, struct handshake *out) {
    struct reading reading = {.out = out};
    enum sc_error error = read_lines(head, &reading);
    if (error != SC_OK) {
        return error;
    }
    pick_credentials(&reading);
    /* A header that comes back is newer than the address, which never changes. */
    if (out->last_event_id.bytes == 0) {
        out->last_event_id = reading.last_event_id;
    }
    out->subprotocol = slice_lists(reading.protocol, "stonechat.v1");
    return check_upgrade(&reading);
}

enum sc_error handshake_read(const char *bytes, size_t count, struct handshake *out) {
    *out = (struct handshake){0};
    const char *end = memmem(bytes, count, "\r\n\r\n", 4);
    if (end == NULL) {
        return count >= SC_REQUEST_HEAD_MAX ? SC_HEADERS_TOO_LARGE : SC_OK;
    }
    if (end - bytes > SC_REQUEST_HEAD_MAX - 4) {
        return SC_HEADERS_TOO_LARGE;
    }
    out->bytes = (size_t)(end - bytes) + 4;
    return read_head((struct slice){bytes, out->bytes}, out);
}

static bool origin_is_own(const struct handshake *handshake) {
    struct slice scheme = handshake->scheme;
    if (scheme.text == NULL) {
        scheme = (struct slice){"http", 4};
    }
    char *own = sc_xasprintf("%.*s://%.*s", (int)scheme.bytes, scheme.text,
                             (int)handshake->host.bytes, handshake->host.text);
    bool is_own = slice_says(handshake->origin, own);
    free(own);
    return is_own;
}

static bool origin_is_listed(const struct handshake *handshake, const char *more) {
    struct slice origin = handshake->origin;
    struct slice list = {more, strlen(more)};
    while (origin.text != NULL && list.bytes > 0) {
        struct slice one = slice_cut(&list, ' ');
        if (one.bytes > 0 && one.bytes == origin.bytes &&
            strncasecmp(one.text, origin.text, one.bytes) == 0) {
            return true;
        }
    }
    return false;
}

/* As far as the browser says so. */
static bool fetched_from_elsewhere(const struct handshake *handshake) {
    return handshake->fetch_site.text != NULL && !slice_says(handshake->fetch_site, "same-origin");
}

bool handshake_is_cross_site(const struct handshake *handshake, const char *more) {
    if (origin_is_listed(handshake, more)) {
        return false;
    }
    if (handshake->kind == HANDSHAKE_UPGRADE) {
        return !origin_is_own(handshake);
    }
    bool names_origin = handshake->origin.text != NULL;
    return (names_origin && !origin_is_own(handshake)) || fetched_from_elsewhere(handshake);
}

/* Looked up once: OpenSSL 3 would search its providers at each call. */
static void digest_of(const char *text, size_t bytes, unsigned char digest[SHA_DIGEST_LENGTH]) {
    static EVP_MD *sha1;
    static EVP_MD_CTX *context;
    if (context == NULL) {
        sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
        context = EVP_MD_CTX_new();
    }
    if (EVP_DigestInit_ex(context, sha1, NULL) != 1 ||
        EVP_DigestUpdate(context, text, bytes) != 1 ||
        EVP_DigestFinal_ex(context, digest, NULL) != 1) {
        abort();
    }
}

char *handshake_accept(const struct handshake *handshake) {
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char text[24 + sizeof guid];
    unsigned char digest[SHA_DIGEST_LENGTH];
    unsigned char accept[32];
    memcpy(text, handshake->key.text, 24);
    memcpy(text + 24, guid, sizeof guid);
    digest_of(text, sizeof text - 1, digest);
    EVP_EncodeBlock(accept, digest, sizeof digest);
    char *extensions = offer_answer(&handshake->deflate);
    char *answer = sc_xasprintf(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s%s\r\n",
        (const char *)accept,
        handshake->subprotocol ? "Sec-WebSocket-Protocol: stonechat.v1\r\n" : "", extensions);
    free(extensions);
    return answer;
}

char *handshake_events(const struct handshake *handshake, const char *more) {
    char *cors = sc_xstrdup("");
    if (origin_is_listed(handshake, more)) {
        free(cors);
        cors = sc_xasprintf("Access-Control-Allow-Origin: %.*s\r\n"
                            "Access-Control-Allow-Credentials: true\r\nVary: Origin\r\n",
                            (int)handshake->origin.bytes, handshake->origin.text);
    }
    char *head = sc_xasprintf("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                              "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n"
                              "X-Content-Type-Options: nosniff\r\n%sConnection: close\r\n\r\n",
                              cors);
    free(cors);
    return head;
}

static const char *extra_header(enum sc_error error) {
    switch (error) {
    case SC_METHOD_NOT_ALLOWED:
        return "Allow: GET\r\n";
    case SC_UPGRADE_REQUIRED:
        return "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    case SC_UNAVAILABLE:
    case SC_BUSY:
    case SC_RESTARTING:
        return "Retry-After: 1\r\n";
    case SC_TOO_MANY_CONNECTIONS:
        return "Retry-After: 5\r\n";
    default:
        return "";
    }
}

static char *answer(int status, const char *type, const char *extra, const char *body) {
    return sc_xasprintf("HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                        "%sConnection: close\r\n\r\n%s",
                        status, sc_http_reason(status), type, strlen(body), extra, body);
}

char *handshake_refuse(enum sc_error error) {
    const struct sc_error_row *row = sc_error_row(error);
    char *body =
        sc_xasprintf("{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,"
                     "\"detail\":\"%s\",\"code\":\"%s\"}",
                     sc_http_reason(row->http_status), row->http_status, row->sentence, row->code);
    char *text = answer(row->http_status, "application/problem+json", extra_header(error), body);
    free(body);
    return text;
}

char *handshake_health(bool healthy) {
    if (!healthy) {
        return handshake_refuse(SC_UNAVAILABLE);
    }
    return answer(200, "application/json", "", "{\"status\":\"ok\"}");
}

char *handshake_metrics(char **text) {
    char *whole = answer(200, "text/plain; version=0.0.4; charset=utf-8", "", *text);
    free(*text);
    *text = NULL;
    return whole;
}
