/*
 * credit: what may be done before it has been counted, once: a set of keys of rates.
 *
 * One for the whole process. A rate that was far from its limit when it was counted last is given
 * credit; whoever takes it goes on at once, and the counting goes with whatever is asked of Redis
 * next. A small table without a lock: keys that share a place push each other out, which costs one
 * of them a round trip and nothing else.
 */
#ifndef FCGI_CREDIT_H
#define FCGI_CREDIT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <stonechat/schema.h>

enum { CREDIT_PLACES = 4096 };

struct credit {
    _Atomic uint64_t places[CREDIT_PLACES];
};

void credit_give(struct credit *credit, const struct sc_key *key);
/* Whether there was any; there is none left then. */
bool credit_take(struct credit *credit, const struct sc_key *key);

#endif
