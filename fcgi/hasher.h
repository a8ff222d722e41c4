/*
 * hasher: Argon2id, by few at a time.
 *
 * A hash costs 19 MiB and tens of milliseconds on purpose. So only `http.hashers` run at once, and
 * only `http.hash_queue` requests may wait for one, never so many that they take all threads:
 * whoever comes beyond that is told at once that it is busy.
 */
#ifndef FCGI_HASHER_H
#define FCGI_HASHER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include <stonechat/error.h>

enum { HASHER_HASH_MAX = 128 }; /* bytes of a stored hash with its NUL */

struct hasher {
    size_t at_once;
    size_t places;        /* running and waiting */
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t done;
    size_t running;
    size_t taken;
    char nobodys[HASHER_HASH_MAX]; /* a hash that no password has */
};

/* `threads`: how many requests are worked on at once, of which some must never wait here. */
void hasher_init(struct hasher *hasher, size_t at_once, size_t queue, size_t threads);
void hasher_deinit(struct hasher *hasher);

/* Takes a place, to be given back with hasher_leave; BUSY when there is none. To be called before
 * anything else is spent on the request. */
enum sc_error hasher_enter(struct hasher *hasher);
void hasher_leave(struct hasher *hasher);

/* With a place taken. The stored form of a password: it says itself how it was made. */
enum sc_error hasher_hash(struct hasher *hasher, const char *password, size_t bytes,
                          char out[HASHER_HASH_MAX]);
/* With a place taken. BAD_CREDENTIALS when the password isn't that of `stored`, which is "" where
 * there is no account: that takes the same time. */
enum sc_error hasher_verify(struct hasher *hasher, const char *stored, const char *password,
                            size_t bytes);
/* Whether `stored` was made with another effort than today's. */
bool hasher_is_outdated(const char *stored);

#endif
