/*
 * addresses: how many connections each client address has, over all workers of the daemon.
 *
 * A count-min sketch a worker, in memory that all of them map: each writes only its own, without a
 * lock, and whoever asks adds them up. The answer is never too small; it is too large by what
 * happens to fall on the same cells: with 100,000 addresses of one connection each by about seven,
 * which is why the limit is meant for hundreds. An address is IPv4's 32 bits or IPv6's first 64,
 * the least that one customer is given (RFC 6177).
 */
#ifndef PUSHD_ADDRESSES_H
#define PUSHD_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the master, before it forks: makes room for `workers`. It lasts as long as the process. */
void addresses_share(size_t workers);
/* In a worker: from now on it counts in the place of that number. */
void addresses_begin(size_t worker);
/* In the master: that worker is gone, and its connections with it. */
void addresses_end(size_t worker);

/* What stands for the address in `text`, which is not terminated; 0 for what is none (no proxy has
 * named one: `text` may be NULL), and that is not counted. */
uint64_t address_key(const char *text, size_t bytes);

/* Counts one more connection from there; false, and not counted, when that would be more than
 * `most` (0: without limit). Of two that come to the last place at once both may be refused. */
bool addresses_enter(uint64_t key, int64_t most);
/* One that was let in is over. */
void addresses_leave(uint64_t key);

#endif
