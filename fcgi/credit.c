/*
 * credit: hashes in a table (see credit.h). Only rate gives and takes.
 */
#include "credit.h"

/* FNV-1a; never 0, which is an empty place. */
static uint64_t hash_of(const struct sc_key *key) {
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < key->bytes; i++) {
        hash = (hash ^ (unsigned char)key->text[i]) * 1099511628211u;
    }
    return hash | 1;
}

static _Atomic uint64_t *place_of(struct credit *credit, uint64_t hash) {
    return &credit->places[(hash >> 32) % CREDIT_PLACES];
}

void credit_give(struct credit *credit, const struct sc_key *key) {
    uint64_t hash = hash_of(key);
    atomic_store(place_of(credit, hash), hash);
}

bool credit_take(struct credit *credit, const struct sc_key *key) {
    uint64_t hash = hash_of(key), held = hash;
    return atomic_compare_exchange_strong(place_of(credit, hash), &held, 0);
}
