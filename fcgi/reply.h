/*
 * reply: what goes back: a status, headers and a body, put together in memory and sent when it is
 * whole; or, where it may be of any length, piece by piece.
 */
#ifndef FCGI_REPLY_H
#define FCGI_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

struct reply;

/* Sends what is in `reply`, its head with the first piece. False when nobody takes it any more. */
typedef bool reply_send(void *context, const struct reply *reply);

struct reply {
    int status;
    const char *content_type; /* NULL: no body */
    const char *cache;        /* its Cache-Control */
    FILE *headers;            /* further ones, each `Name: value\r\n` */
    char *headers_text;
    size_t headers_bytes;
    FILE *body;
    char *body_text;
    size_t body_bytes;
    reply_send *send; /* the worker's */
    void *send_context;
    bool streamed; /* its head is out: nothing else can be answered any more */
    bool cut;      /* and the rest will not come, which the client must not take for its end */
};

void reply_init(struct reply *reply);
void reply_deinit(struct reply *reply);
/* Forgets all that was put together. */
void reply_reset(struct reply *reply);

/* Begins an answer with a JSON body, which is to be written to the stream that is returned. */
FILE *reply_begin(struct reply *reply, int status);
/* An answer with this JSON value, whose reference is taken, as its body. */
void reply_json(struct reply *reply, int status, json_t *taken);
/* The same with one member around it: {"name": value}. */
void reply_member(struct reply *reply, int status, const char *name, json_t *taken);
/* Begins an answer whose body goes out in pieces, one with each reply_flush. */
FILE *reply_begin_stream(struct reply *reply, int status, const char *content_type);
/* Sends what was written to the body since it was last called. False when that is in vain. */
bool reply_flush(struct reply *reply);
/* 200 with the file that nginx finds at `place`, one of its internal addresses. */
void reply_file(struct reply *reply, const char *content_type, const char *place);
/* 204, without a body. */
void reply_nothing(struct reply *reply);

/* Adds a header. `value` must come from us alone: no line breaks in it. */
void reply_header(struct reply *reply, const char *name, const char *value);

/* Writes a JSON object but for its closing brace, so that text can follow as further members. */
void reply_open_object(FILE *body, const json_t *object);

/* Closes the streams; afterwards headers_text and body_text hold what was written. */
void reply_end(struct reply *reply);

#endif
