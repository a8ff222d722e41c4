/*
 * link: one thread's connection to Redis.
 *
 * Connects when first used and again whenever it was lost. Nothing waits for ever: connecting is
 * bounded by `redis.connect_ms`, an answer by `redis.command_ms`, and what one request spends on
 * Redis in all by the sum of both. After a timeout the connection is dropped, since an answer that
 * comes late would be taken for that of the next question.
 *
 * Errors: UNAVAILABLE when Redis is away, frozen, loading, full or refuses to write; INTERNAL when
 * it does not understand; of a script, its own code word. Redis's words go to the log only.
 */
#ifndef FCGI_LINK_H
#define FCGI_LINK_H

#include <stdint.h>

#include <stonechat/endpoint.h>
#include <stonechat/error.h>

#include "answer.h"
#include "ask.h"
#include "breaker.h"

struct redisContext;

struct link {
    const struct sc_endpoint *endpoint;
    struct breaker *breaker;
    int64_t connect_ms;
    int64_t command_ms;
    struct redisContext *redis; /* NULL: not connected */
    int64_t timeout_ms;         /* what the connection is set to */
    int64_t left_ms;            /* of the present request's time */
};

void link_init(struct link *link, const struct sc_endpoint *endpoint, struct breaker *breaker,
               int64_t connect_ms, int64_t command_ms);
void link_deinit(struct link *link);

/* A new request begins: its time for Redis is whole again. */
void link_begin(struct link *link);

/* Asks and waits. `answer_out` is to be given back with answer_deinit whatever is returned. */
enum sc_error link_ask(struct link *link, struct ask *ask, struct answer *answer_out);

/* The same where only the error is of interest. */
enum sc_error link_tell(struct link *link, struct ask *ask);

/*
 * Many questions in few round trips. `ask` writes question `i` (it may be called twice for one);
 * `take` gets its answer, lent, and the error that it comes to. Returns the first error of the
 * connection itself; then not all have been taken.
 */
struct link_batch {
    size_t count;
    void (*ask)(void *context, size_t i, struct ask *out);
    void (*take)(void *context, size_t i, enum sc_error error, const struct answer *answer);
    void *context;
};
enum sc_error link_run(struct link *link, const struct link_batch *batch);

#endif
