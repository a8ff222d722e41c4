/*
 * table: uthash, with a hash function that is seeded anew in each process.
 *
 * Users' ids come from tokens that nobody has checked yet; whoever chooses them must not be able
 * to choose where they fall (hash flooding).
 */
#ifndef PUSHD_TABLE_H
#define PUSHD_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* To be set once, before the first table is filled. */
extern uint64_t table_seed;

static inline unsigned table_hash(const void *key, size_t bytes) {
    const unsigned char *at = key;
    uint64_t hash = table_seed;
    for (size_t i = 0; i < bytes; i++) {
        hash = (hash ^ at[i]) * 0x100000001b3u;
    }
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdu;
    return (unsigned)(hash >> 32);
}

#define HASH_FUNCTION(key, bytes, out) ((out) = table_hash((key), (size_t)(bytes)))
#include <uthash.h>

#endif
