/*
 * hasher: a counting lock around libsodium's Argon2id.
 *
 * Used for signing in, for new passwords and by the command line. Knows neither accounts nor what
 * makes a good password.
 */
#include "hasher.h"

#include <sodium.h>
#include <stonechat/log.h>

/* OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. */
enum { PASSES = 2, MEMORY = 19 * 1024 * 1024 };

_Static_assert(crypto_pwhash_STRBYTES <= HASHER_HASH_MAX, "a stored hash must fit");

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static size_t at_least_one(size_t count) {
    return count > 0 ? count : 1;
}

void hasher_init(struct hasher *hasher, size_t at_once, size_t queue, size_t threads) {
    size_t may_take = at_least_one(threads - threads / 4 - (threads > 1 && threads < 4));
    *hasher = (struct hasher){.at_once = least(at_once, at_least_one(threads / 2)),
                              .places = least(at_once + queue, may_take)};
    pthread_mutex_init(&hasher->lock, NULL);
    pthread_cond_init(&hasher->done, NULL);

    char nothing[32];
    randombytes_buf(nothing, sizeof nothing);
    if (crypto_pwhash_str(hasher->nobodys, nothing, sizeof nothing, PASSES, MEMORY) != 0) {
        sc_log(SC_LOG_ERROR, "hash_failed", "detail", "no memory", NULL);
    }
}

void hasher_deinit(struct hasher *hasher) {
    pthread_cond_destroy(&hasher->done);
    pthread_mutex_destroy(&hasher->lock);
}

enum sc_error hasher_enter(struct hasher *hasher) {
    pthread_mutex_lock(&hasher->lock);
    bool free_place = hasher->taken < hasher->places;
    if (free_place) {
        hasher->taken++;
    }
    pthread_mutex_unlock(&hasher->lock);
    return free_place ? SC_OK : SC_BUSY;
}

void hasher_leave(struct hasher *hasher) {
    pthread_mutex_lock(&hasher->lock);
    hasher->taken--;
    pthread_mutex_unlock(&hasher->lock);
}

static void begin(struct hasher *hasher) {
    pthread_mutex_lock(&hasher->lock);
    while (hasher->running == hasher->at_once) {
        pthread_cond_wait(&hasher->done, &hasher->lock);
    }
    hasher->running++;
    pthread_mutex_unlock(&hasher->lock);
}

static void end(struct hasher *hasher) {
    pthread_mutex_lock(&hasher->lock);
    hasher->running--;
    pthread_cond_signal(&hasher->done);
    pthread_mutex_unlock(&hasher->lock);
}

enum sc_error hasher_hash(struct hasher *hasher, const char *password, size_t bytes,
                          char out[HASHER_HASH_MAX]) {
    begin(hasher);
    int status = crypto_pwhash_str(out, password, bytes, PASSES, MEMORY);
    end(hasher);
    if (status == 0) {
        return SC_OK;
    }
    sc_log(SC_LOG_ERROR, "hash_failed", "detail", "no memory", NULL);
    return SC_BUSY;
}

enum sc_error hasher_verify(struct hasher *hasher, const char *stored, const char *password,
                            size_t bytes) {
    bool somebodys = stored[0] != '\0';
    begin(hasher);
    int status = crypto_pwhash_str_verify(somebodys ? stored : hasher->nobodys, password, bytes);
    end(hasher);
    return somebodys && status == 0 ? SC_OK : SC_BAD_CREDENTIALS;
}

bool hasher_is_outdated(const char *stored) {
    return crypto_pwhash_str_needs_rehash(stored, PASSES, MEMORY) != 0;
}
