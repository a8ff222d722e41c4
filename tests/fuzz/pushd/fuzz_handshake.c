/*
 * handshake: the request head that opens a connection, and the answers to it.
 *
 * A head that comes in pieces must be read as the whole one is, and not before it is there; what is
 * picked out lies within it and holds no line's end; an answer is one head and nothing else.
 */
#include "fuzz.h"

#include <strings.h>

#include "handshake.h"

static const char MORE[] = "https://www.example.org http://localhost:8080";

static void judge_slice(struct slice slice, const char *head, size_t bytes) {
    if (slice.text != NULL) {
        demand(slice.text >= head && slice.text + slice.bytes <= head + bytes);
        demand(slice.bytes == 0 || (memchr(slice.text, '\r', slice.bytes) == NULL &&
                                    memchr(slice.text, '\n', slice.bytes) == NULL &&
                                    memchr(slice.text, '\0', slice.bytes) == NULL));
    }
}

static bool same(struct slice slice, const char *text, size_t bytes) {
    return slice.bytes == bytes && strncasecmp(slice.text, text, bytes) == 0;
}

/* The long way round: the site's own origin spelt out, then each of MORE. */
static bool origin_should_do(const struct handshake *handshake) {
    char own[2 * SC_REQUEST_HEAD_MAX];
    struct slice scheme = handshake->scheme, host = handshake->host, origin = handshake->origin;
    const char *space = strchr(MORE, ' ');
    if (origin.text == NULL) {
        return false;
    }
    int bytes = snprintf(own, sizeof own, "%.*s://%.*s", scheme.text ? (int)scheme.bytes : 4,
                         scheme.text ? scheme.text : "http", (int)host.bytes, host.text);
    return same(origin, own, (size_t)bytes) || same(origin, MORE, (size_t)(space - MORE)) ||
           same(origin, space + 1, strlen(space + 1));
}

static void judge_answer(char *answer, const char *begins, bool has_body) {
    const char *end = strstr(answer, "\r\n\r\n");
    demand(strncmp(answer, begins, strlen(begins)) == 0);
    demand(end != NULL && (has_body || end[4] == '\0'));
    free(answer);
}

static void judge_upgrade(const struct handshake *handshake) {
    demand(handshake->host.text != NULL && handshake->key.bytes == 24);
    demand(handshake_is_cross_site(handshake, MORE) != origin_should_do(handshake));
    judge_answer(handshake_accept(handshake), "HTTP/1.1 101 ", false);
}

static void judge_events(const struct handshake *handshake) {
    bool crosses = handshake->origin.text != NULL && !origin_should_do(handshake);
    demand(!crosses || handshake_is_cross_site(handshake, MORE));
    judge_answer(handshake_events(handshake, MORE), "HTTP/1.1 200 ", false);
}

static void judge(enum sc_error error, const struct handshake *handshake, const char *head) {
    if (error != SC_OK) {
        judge_answer(handshake_refuse(error), "HTTP/1.1 4", true);
        return;
    }
    const struct slice slices[] = {
        handshake->host,       handshake->scheme,       handshake->address,
        handshake->origin,     handshake->key,          handshake->bearer,
        handshake->ticket,     handshake->cookie_token, handshake->last_event_id,
        handshake->fetch_site,
    };
    for (size_t i = 0; i < sizeof slices / sizeof *slices; i++) {
        judge_slice(slices[i], head, handshake->bytes);
    }
    if (handshake->bytes > 0 && handshake->kind == HANDSHAKE_UPGRADE) {
        judge_upgrade(handshake);
    }
    if (handshake->bytes > 0 && handshake->kind == HANDSHAKE_EVENTS) {
        judge_events(handshake);
    }
}

/* Until an answer is there, `size` bytes having come at last; each time in memory of that length.
 */
static enum sc_error read_in_pieces(const uint8_t *data, size_t size, struct handshake *out) {
    enum sc_error error = SC_OK;
    *out = (struct handshake){0};
    for (size_t at = 0; at < size && error == SC_OK && out->bytes == 0;) {
        at += fuzz_piece(data, size, at);
        char *head = malloc(at);
        memcpy(head, data, at);
        error = handshake_read(head, at, out);
        demand(out->bytes <= at);
        free(head);
    }
    return error;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct handshake whole, pieces;
    const char *head = (const char *)data;
    enum sc_error error = handshake_read(head, size, &whole);
    judge(error, &whole, head);
    demand(read_in_pieces(data, size, &pieces) == error);
    demand(error != SC_OK || whole.bytes == pieces.bytes);
    return 0;
}
