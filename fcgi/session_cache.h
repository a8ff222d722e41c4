/*
 * session_cache: sessions that Redis has confirmed a moment ago, so that it needn't be asked again.
 *
 * One for the whole process. What it holds is good for as long as Redis said, `accounts.
 * session_cache_s` at most, and only while session_watch proves that whatever ends a session would
 * be heard of: the proof is not older than SESSION_PROOF_MS. So a session that was ended by this
 * process is refused from then on; by another one, as soon as its publication has arrived, or at
 * the latest SESSION_PROOF_MS after a link fell silent. In doubt nothing is found, and Redis is
 * asked.
 *
 * Times are those of clock_ms. Knows neither Redis nor threads, but may be used by many.
 */
#ifndef FCGI_SESSION_CACHE_H
#define FCGI_SESSION_CACHE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <stonechat/token.h>

#include "user.h"

/* All sessions of one user are in one row: 8192 in all, 8 of one user at most. */
enum { SESSION_CACHE_ROWS = 1024, SESSION_CACHE_WAYS = 8, SESSION_PROOF_MS = 1000 };

struct session_cache_entry {
    struct sc_token token;
    struct user user; /* "": none */
    int64_t until_ms;
};

struct session_cache_row {
    unsigned changes; /* how often something was forgotten here */
    struct session_cache_entry entries[SESSION_CACHE_WAYS];
};

struct session_cache {
    int64_t keep_ms;      /* 0: it remembers nothing */
    pthread_mutex_t lock; /* over what follows */
    int64_t proven_ms;    /* what had ended by then is forgotten; 0: nothing is known */
    struct session_cache_row *rows;
};

void session_cache_init(struct session_cache *cache, int64_t keep_ms);
void session_cache_deinit(struct session_cache *cache);

/* The user of this session, a copy of the caller's own; false when Redis must be asked. */
bool session_cache_find(struct session_cache *cache, const struct sc_token *token, int64_t now_ms,
                        struct user *user_out);

/* To be taken before Redis is asked, and shown with what it has said: what was forgotten in
 * between isn't remembered after all. */
unsigned session_cache_ticket(struct session_cache *cache, const char *user);
/* Redis has confirmed it, for `good_ms`. */
void session_cache_keep(struct session_cache *cache, const struct sc_token *token,
                        const struct user *user, unsigned ticket, int64_t now_ms, int64_t good_ms);

/* Something about this user, or one of their sessions, is no longer as it was. `cache` may be NULL:
 * there is none. */
void session_cache_forget(struct session_cache *cache, const char *user);
/* About which user isn't known: nothing is found until there is a new proof. */
void session_cache_doubt(struct session_cache *cache);
/* All that had changed by `at_ms` has been told. */
void session_cache_prove(struct session_cache *cache, int64_t at_ms);

#endif
