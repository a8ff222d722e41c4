/*
 * clock: the monotonic clock, for durations. Points in time come from Redis.
 */
#ifndef FCGI_CLOCK_H
#define FCGI_CLOCK_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

static inline int64_t clock_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline int64_t clock_ms(void) {
    return clock_us() / 1000;
}

/* That clock's time in so many ms, as a deadline. */
static inline struct timespec clock_after(int64_t ms) {
    int64_t us = clock_us() + (ms > 0 ? ms * 1000 : 0);
    return (struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
}

/* A condition whose deadlines are by that clock. */
static inline void clock_cond_init(pthread_cond_t *cond) {
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

#endif
