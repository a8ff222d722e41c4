/*
 * breaker: keeps a Redis that does not answer from holding up every request in turn.
 *
 * One for the whole process. It opens when an answer of Redis did not come in time. While it is
 * open requests are refused at once, but for one at a time that may probe; a probe that is
 * answered closes it.
 */
#ifndef FCGI_BREAKER_H
#define FCGI_BREAKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { BREAKER_PAUSE_MS = 100 }; /* between two probes */

struct breaker {
    atomic_bool open;
    atomic_uint trips;    /* how often it was opened */
    pthread_mutex_t lock; /* over what follows */
    bool probing;
    int64_t probe_at_ms;
};

enum breaker_word {
    BREAKER_GO,
    BREAKER_PROBE, /* try, within a short time, and say how it went: breaker_settle */
    BREAKER_STOP
};

void breaker_init(struct breaker *breaker);
void breaker_deinit(struct breaker *breaker);

/* Times are those of a monotonic clock, in ms. */
enum breaker_word breaker_ask(struct breaker *breaker, int64_t now_ms);
/* From whoever's trip on, every connection made before is under suspicion: what it leads to may be
 * gone without a word. Compare with the count at the time of connecting. */
unsigned breaker_trips(struct breaker *breaker);
void breaker_trip(struct breaker *breaker, int64_t now_ms);
void breaker_settle(struct breaker *breaker, bool answered, int64_t now_ms);

#endif
