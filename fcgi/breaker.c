/*
 * breaker: open or closed, and who may probe.
 *
 * Asked by link before each command. Knows neither Redis nor clocks: times are given to it.
 */
#include "breaker.h"

void breaker_init(struct breaker *breaker) {
    *breaker = (struct breaker){.open = false};
    pthread_mutex_init(&breaker->lock, NULL);
}

void breaker_deinit(struct breaker *breaker) {
    pthread_mutex_destroy(&breaker->lock);
}

enum breaker_word breaker_ask(struct breaker *breaker, int64_t now_ms) {
    if (!atomic_load(&breaker->open)) {
        return BREAKER_GO;
    }
    pthread_mutex_lock(&breaker->lock);
    bool may_probe = !breaker->probing && now_ms >= breaker->probe_at_ms;
    if (may_probe) {
        breaker->probing = true;
    }
    pthread_mutex_unlock(&breaker->lock);
    return may_probe ? BREAKER_PROBE : BREAKER_STOP;
}

unsigned breaker_trips(struct breaker *breaker) {
    return atomic_load(&breaker->trips);
}

void breaker_trip(struct breaker *breaker, int64_t now_ms) {
    pthread_mutex_lock(&breaker->lock);
    breaker->probe_at_ms = now_ms + BREAKER_PAUSE_MS;
    atomic_store(&breaker->open, true);
    atomic_fetch_add(&breaker->trips, 1);
    pthread_mutex_unlock(&breaker->lock);
}

void breaker_settle(struct breaker *breaker, bool answered, int64_t now_ms) {
    pthread_mutex_lock(&breaker->lock);
    breaker->probing = false;
    breaker->probe_at_ms = now_ms + BREAKER_PAUSE_MS;
    atomic_store(&breaker->open, !answered);
    pthread_mutex_unlock(&breaker->lock);
}
