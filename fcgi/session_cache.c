/*
 * session_cache: a small table under one lock (see session_cache.h).
 *
 * session looks here and puts here what Redis has said; session_watch and the store tell what has
 * changed. A row belongs to all users whose ids fall into it: forgetting one costs a look at eight.
 */
#include "session_cache.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <stonechat/memory.h>

void session_cache_init(struct session_cache *cache, int64_t keep_ms) {
    *cache = (struct session_cache){.keep_ms = keep_ms};
    pthread_mutex_init(&cache->lock, NULL);
    if (keep_ms > 0) {
        cache->rows = sc_xcalloc(SESSION_CACHE_ROWS, sizeof *cache->rows);
    }
}

static void drop(struct session_cache_entry *entry) {
    user_deinit(&entry->user);
    *entry = (struct session_cache_entry){.until_ms = 0};
}

static void drop_all(struct session_cache *cache) {
    for (size_t i = 0; i < SESSION_CACHE_ROWS; i++) {
        for (size_t j = 0; j < SESSION_CACHE_WAYS; j++) {
            drop(&cache->rows[i].entries[j]);
        }
        cache->rows[i].changes++;
    }
}

void session_cache_deinit(struct session_cache *cache) {
    if (cache->rows) {
        drop_all(cache);
    }
    free(cache->rows);
    pthread_mutex_destroy(&cache->lock);
}

/* --- finding --- */

/* FNV-1a. */
static struct session_cache_row *row_of(struct session_cache *cache, const char *user) {
    uint32_t hash = 2166136261u;
    for (; *user; user++) {
        hash = (hash ^ (unsigned char)*user) * 16777619u;
    }
    return &cache->rows[hash % SESSION_CACHE_ROWS];
}

static struct session_cache_entry *entry_of(struct session_cache_row *row,
                                            const struct sc_token *token) {
    for (size_t i = 0; i < SESSION_CACHE_WAYS; i++) {
        struct session_cache_entry *entry = &row->entries[i];
        if (strcmp(entry->user.id, token->user) == 0 &&
            strcmp(entry->token.session, token->session) == 0) {
            return entry;
        }
    }
    return NULL;
}

static bool is_proven(const struct session_cache *cache, int64_t now_ms) {
    return cache->proven_ms > 0 && now_ms - cache->proven_ms <= SESSION_PROOF_MS;
}

bool session_cache_find(struct session_cache *cache, const struct sc_token *token, int64_t now_ms,
                        struct user *user_out) {
    bool found = false;
    if (cache->keep_ms == 0) {
        return false;
    }
    pthread_mutex_lock(&cache->lock);
    const struct session_cache_entry *entry = entry_of(row_of(cache, token->user), token);
    if (entry && is_proven(cache, now_ms) && now_ms < entry->until_ms &&
        sodium_memcmp(entry->token.hash, token->hash, SC_HASH_CHARS) == 0) {
        user_copy(user_out, &entry->user);
        found = true;
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

/* --- remembering --- */

unsigned session_cache_ticket(struct session_cache *cache, const char *user) {
    if (cache->keep_ms == 0) {
        return 0;
    }
    pthread_mutex_lock(&cache->lock);
    unsigned ticket = row_of(cache, user)->changes;
    pthread_mutex_unlock(&cache->lock);
    return ticket;
}

/* Its own place, or an empty one, or that of the one which ends first. */
static struct session_cache_entry *place_for(struct session_cache_row *row,
                                             const struct sc_token *token) {
    struct session_cache_entry *best = entry_of(row, token);
    if (best) {
        return best;
    }
    best = row->entries;
    for (size_t i = 1; i < SESSION_CACHE_WAYS; i++) {
        if (row->entries[i].until_ms < best->until_ms) {
            best = &row->entries[i];
        }
    }
    return best;
}

void session_cache_keep(struct session_cache *cache, const struct sc_token *token,
                        const struct user *user, unsigned ticket, int64_t now_ms, int64_t good_ms) {
    if (cache->keep_ms == 0) {
        return;
    }
    pthread_mutex_lock(&cache->lock);
    struct session_cache_row *row = row_of(cache, token->user);
    if (row->changes == ticket) {
        struct session_cache_entry *entry = place_for(row, token);
        drop(entry);
        entry->token = *token;
        user_copy(&entry->user, user);
        entry->until_ms = now_ms + (good_ms < cache->keep_ms ? good_ms : cache->keep_ms);
    }
    pthread_mutex_unlock(&cache->lock);
}

/* --- forgetting --- */

void session_cache_forget(struct session_cache *cache, const char *user) {
    if (!cache || cache->keep_ms == 0) {
        return;
    }
    pthread_mutex_lock(&cache->lock);
    struct session_cache_row *row = row_of(cache, user);
    row->changes++;
    for (size_t i = 0; i < SESSION_CACHE_WAYS; i++) {
        if (strcmp(row->entries[i].user.id, user) == 0) {
            drop(&row->entries[i]);
        }
    }
    pthread_mutex_unlock(&cache->lock);
}

void session_cache_doubt(struct session_cache *cache) {
    pthread_mutex_lock(&cache->lock);
    cache->proven_ms = 0;
    drop_all(cache);
    pthread_mutex_unlock(&cache->lock);
}

void session_cache_prove(struct session_cache *cache, int64_t at_ms) {
    pthread_mutex_lock(&cache->lock);
    if (cache->proven_ms == 0) {
        drop_all(cache); /* what was kept when nobody listened may have ended unheard */
    }
    cache->proven_ms = at_ms;
    pthread_mutex_unlock(&cache->lock);
}
