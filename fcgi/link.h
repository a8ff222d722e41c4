/*
 * link: one thread's connection to Redis.
 *
 * Connects when first used and again whenever it was lost. Nothing waits for ever: connecting is
 * bounded by `redis.connect_ms`, an answer by `redis.command_ms`, and what one request spends on
 * Redis in all by the sum of both. Where sentinels are asked for the master, only a master is
 * taken, and it is left as soon as they name another. After a timeout the connection is dropped,
 * since an answer that comes late would be taken for that of the next question.
 *
 * Errors: UNAVAILABLE when Redis is away, frozen, loading, full or refuses to write; INTERNAL when
 * it does not understand; of a script, its own code word. Redis's words go to the log only.
 */
#ifndef FCGI_LINK_H
#define FCGI_LINK_H

#include <semaphore.h>
#include <stdint.h>

#include <stonechat/endpoint.h>
#include <stonechat/error.h>

#include "answer.h"
#include "ask.h"
#include "breaker.h"
#include "master.h"

struct redisContext;
struct session_cache;
struct link;
struct link_rider;

/*
 * Somebody who asks for many links at once (trunk.h). `takes`: whether this question goes there;
 * `ask`: as link_ask, but that nothing is judged; `rider` may be NULL, else its answer is
 * `rider_out`. Both are to be given back.
 */
struct link_carrier {
    void *context;
    bool (*takes)(const struct ask *ask);
    enum sc_error (*ask)(void *context, struct link *asker, struct ask *ask,
                         struct link_rider *rider, struct answer *rider_out,
                         struct answer *answer_out);
};

/* What all links have in common; what it points to is lent. */
struct link_terms {
    const struct sc_endpoint *endpoint;
    struct master *master; /* NULL: the endpoint says where Redis is */
    struct breaker *breaker;
    struct session_cache *sessions; /* what must forget whose account or session changes; or NULL */
    const struct link_carrier *carrier; /* or NULL */
    int64_t connect_ms, command_ms;
    int64_t wait_replicas, wait_ms;
};

/* A question that goes with the next one, in the same write and before it. */
struct link_rider {
    struct ask ask;
    void (*take)(void *context, enum sc_error error, const struct answer *answer);
    void *context;
};

struct link {
    struct link_terms terms;
    struct link_rider *rider;   /* NULL: none waits for a question */
    struct redisContext *redis; /* NULL: not connected */
    struct sc_address address;  /* where to, when that was asked of the master */
    unsigned version;           /* of that address */
    unsigned trips;             /* of the breaker, when it was connected */
    int64_t timeout_ms;         /* what the connection is set to */
    int64_t left_ms;            /* of the present request's time */
    bool owes;                  /* the replicas haven't been asked for what it has written */
    bool forfeited;             /* and can't be any more: that connection was lost */
    bool is_shared;             /* a carrier's: how long answers take is for who asked to say */
    sem_t woken;                /* while it waits for a carrier */
};

void link_init(struct link *link, const struct link_terms *terms);
void link_deinit(struct link *link);

/* A new request begins: it has written nothing yet, and its time for Redis is whole. */
void link_begin(struct link *link);
/* Its time is whole again: for work whose length is known to nobody. */
void link_extend(struct link *link);

/*
 * To be called before anything is acknowledged: waits until `redis.wait_replicas` have all that was
 * written since link_begin. UNAVAILABLE when they hadn't in time: what was written may stay or may
 * be lost in a failover, and nobody can say which.
 */
enum sc_error link_settle(struct link *link);

/* `rider`, lent, goes with the next question of this request; its `take` is called before that
 * one's answer is given, the answer being lent. It is not asked again where Redis has lost the
 * script. */
void link_ride(struct link *link, struct link_rider *rider);
/* It need not; false when it has gone already. */
bool link_unride(struct link *link);

/* Has a connection that may be asked; for a carrier, which asks for many. */
enum sc_error link_ready(struct link *link);

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
