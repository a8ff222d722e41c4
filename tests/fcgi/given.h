/*
 * given: requests and answers out of literals, for the suites of fcgi.
 */
#ifndef GIVEN_H
#define GIVEN_H

#include <hiredis/hiredis.h>

#include "answer.h"
#include "request.h"

enum { GIVEN_MAX = 16 };

/* A body, and how far it has been read. */
struct given_body {
    const char *text;
    size_t bytes;
    size_t asked; /* how much was read of it */
};

static inline size_t given_read(void *context, char *out, size_t bytes) {
    struct given_body *body = context;
    size_t left = body->bytes - body->asked;
    size_t got = bytes < left ? bytes : left;
    memcpy(out, body->text + body->asked, got);
    body->asked += got;
    return got;
}

/* A request of these parameters, NAME=value, ended by NULL; they must outlive it. */
#define given_request(request, ...) request_init((request), (char *[]){__VA_ARGS__, NULL})

/* The answer that these bytes of Redis's protocol make. */
static inline struct answer given_answer(const char *wire) {
    void *reply = NULL;
    redisReader *reader = redisReaderCreate();
    redisReaderFeed(reader, wire, strlen(wire));
    redisReaderGetReply(reader, &reply);
    redisReaderFree(reader);
    return (struct answer){reply};
}

#endif
