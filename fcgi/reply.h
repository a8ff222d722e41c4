/*
 * reply: what goes back: a status, headers and a JSON body, put together in memory.
 */
#ifndef FCGI_REPLY_H
#define FCGI_REPLY_H

#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

struct reply {
    int status;
    const char *content_type; /* NULL: no body */
    FILE *headers;            /* further ones, each `Name: value\r\n` */
    char *headers_text;
    size_t headers_bytes;
    FILE *body;
    char *body_text;
    size_t body_bytes;
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
/* 204, without a body. */
void reply_nothing(struct reply *reply);

/* Adds a header. `value` must come from us alone: no line breaks in it. */
void reply_header(struct reply *reply, const char *name, const char *value);

/* Writes a JSON object but for its closing brace, so that text can follow as further members. */
void reply_open_object(FILE *body, const json_t *object);

/* Closes the streams; afterwards headers_text and body_text hold what was written. */
void reply_end(struct reply *reply);

#endif
