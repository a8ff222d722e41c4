/*
 * backoff: how long to wait before the next try: longer each time, and never the same as others.
 *
 * The pause is drawn from the upper half of a span that doubles up to a bound, so that a thousand
 * who lost the same Redis at the same moment don't come back at the same moment.
 */
#ifndef STONECHAT_BACKOFF_H
#define STONECHAT_BACKOFF_H

struct sc_backoff {
    unsigned first_ms;
    unsigned most_ms;
    unsigned span_ms; /* of the next pause; 0: first_ms */
};

/* The next pause, from half its span to the whole of it. */
unsigned sc_backoff_next(struct sc_backoff *backoff);
/* All is well: the next pause is a first one. */
void sc_backoff_reset(struct sc_backoff *backoff);

#endif
