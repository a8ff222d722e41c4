/*
 * courier: carries bodies to push services, many at a time, on the thread that asks it to.
 *
 * Follows no redirect, connects to nothing private (push_address.h), waits for nobody beyond a
 * time, and reads no more of an answer than it must. Knows nothing of what is in a body, or of
 * Redis.
 */
#ifndef FCGI_COURIER_H
#define FCGI_COURIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct courier;

struct courier_parcel {
    const char *url;
    const char *authorization;
    const char *topic; /* RFC 8030 section 5.4: a newer one of the same takes its place */
    int64_t ttl_s;
    const void *body; /* lent until courier_send returns, as all of it */
    size_t bytes;
    void *context;
};

struct courier_receipt {
    void *context;
    long status;     /* 0: there was no answer */
    int64_t asked_s; /* Retry-After; 0: none */
    bool refused;    /* it would have led to where we send nothing */
    const char *why; /* in curl's words, where there was no answer */
};

/* `loose`: private addresses, and http, are let pass. NULL when there is none to be had. */
struct courier *courier_new(int64_t timeout_ms, bool loose);
/* What is on its way is given up, and `drop` called with the context of each. */
void courier_free(struct courier **courier, void (*drop)(void *context));

void courier_send(struct courier *courier, const struct courier_parcel *parcel);
/* How many are on their way. */
size_t courier_count(const struct courier *courier);
/* Goes on with all of them until something has come back, or so long, or courier_wake. */
void courier_wait(struct courier *courier, int64_t most_ms);
/* The next that has come back; false: none has. */
bool courier_next(struct courier *courier, struct courier_receipt *out);
/* From any thread. */
void courier_wake(struct courier *courier);

#endif
