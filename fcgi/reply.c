/*
 * reply: put together by a handler, sent by worker.
 *
 * Messages pass through it as the text that Redis holds, never parsed and printed again.
 */
#include "reply.h"

#include <stdlib.h>

static const char JSON_TYPE[] = "application/json; charset=utf-8";

enum { DUMP = JSON_COMPACT | JSON_ENCODE_ANY };

void reply_init(struct reply *reply) {
    *reply = (struct reply){.status = 500, .cache = "no-store"};
    reply->headers = open_memstream(&reply->headers_text, &reply->headers_bytes);
    reply->body = open_memstream(&reply->body_text, &reply->body_bytes);
    if (!reply->headers || !reply->body) {
        abort();
    }
}

static void close_stream(FILE **stream) {
    if (*stream) {
        fclose(*stream);
    }
    *stream = NULL;
}

void reply_end(struct reply *reply) {
    close_stream(&reply->body);
    close_stream(&reply->headers);
}

void reply_deinit(struct reply *reply) {
    reply_end(reply);
    free(reply->body_text);
    free(reply->headers_text);
    *reply = (struct reply){0};
}

void reply_reset(struct reply *reply) {
    reply_send *send = reply->send;
    void *context = reply->send_context;
    reply_deinit(reply);
    reply_init(reply);
    reply->send = send;
    reply->send_context = context;
}

FILE *reply_begin(struct reply *reply, int status) {
    reply->status = status;
    reply->content_type = JSON_TYPE;
    return reply->body;
}

FILE *reply_begin_stream(struct reply *reply, int status, const char *content_type) {
    reply->status = status;
    reply->content_type = content_type;
    return reply->body;
}

/* The memory of the largest piece is kept for the next. */
bool reply_flush(struct reply *reply) {
    fflush(reply->headers);
    fflush(reply->body);
    bool sent = reply->send(reply->send_context, reply);
    reply->streamed = true;
    rewind(reply->body);
    return sent;
}

void reply_json(struct reply *reply, int status, json_t *taken) {
    json_dumpf(taken, reply_begin(reply, status), DUMP);
    json_decref(taken);
}

void reply_member(struct reply *reply, int status, const char *name, json_t *taken) {
    reply_json(reply, status, json_pack("{s:o}", name, taken));
}

/* Asked for again each time, since whoever may have it now may not for long. */
void reply_file(struct reply *reply, const char *content_type, const char *place) {
    reply->status = 200;
    reply->content_type = content_type;
    reply->cache = "private, no-cache";
    reply_header(reply, "X-Accel-Redirect", place);
}

void reply_nothing(struct reply *reply) {
    reply->status = 204;
    reply->content_type = NULL;
}

void reply_header(struct reply *reply, const char *name, const char *value) {
    fprintf(reply->headers, "%s: %s\r\n", name, value);
}

void reply_open_object(FILE *body, const json_t *object) {
    fputc('{', body);
    json_dumpf(object, body, JSON_EMBED | JSON_COMPACT);
}
