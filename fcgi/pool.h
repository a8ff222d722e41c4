/*
 * pool: the socket that nginx connects to, and the threads that serve it.
 */
#ifndef FCGI_POOL_H
#define FCGI_POOL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gate.h"
#include "site.h"

struct pool {
    struct site *site;
    struct gate gate;
    pthread_t *threads;
    size_t count;
};

/* Binds `http.socket` anew, mode 0660, and starts `http.threads` threads. False, with a line in
 * the log, when it can't. */
bool pool_open(struct pool *pool, struct site *site);

/* Takes nothing new in, lets what came be finished, and waits for that up to `wait_ms`. False when
 * threads are still at work; then the pool must stay as it is. */
bool pool_close(struct pool *pool, int64_t wait_ms);

#endif
