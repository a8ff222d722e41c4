/*
 * backoff: draws the pauses between tries.
 *
 * Asked by whatever dials Redis. Knows no clock and waits for nobody.
 */
#include <stonechat/backoff.h>

#include <sodium.h>

unsigned sc_backoff_next(struct sc_backoff *backoff) {
    unsigned span_ms = backoff->span_ms ? backoff->span_ms : backoff->first_ms;
    backoff->span_ms = span_ms * 2 < backoff->most_ms ? span_ms * 2 : backoff->most_ms;
    return span_ms / 2 + randombytes_uniform(span_ms / 2 + 1);
}

void sc_backoff_reset(struct sc_backoff *backoff) {
    backoff->span_ms = 0;
}
