/*
 * push_verdict: what a push service's answer comes to (RFC 8030 sections 5 and 8.2).
 */
#ifndef FCGI_PUSH_VERDICT_H
#define FCGI_PUSH_VERDICT_H

#include <stdint.h>

enum push_end {
    PUSH_SENT,
    PUSH_GONE,  /* there is no such subscription any more */
    PUSH_AGAIN, /* later */
    PUSH_LOST   /* it will not be taken, however often it is tried */
};

enum { PUSH_TRIES_MAX = 12 };

/* `status` 0: there was no answer; `tries`: those before this one; `asked_s`: its Retry-After, 0:
 * none. With PUSH_AGAIN `after_ms_out` is when, `chance` (0 to 255) spreading it. */
enum push_end push_verdict(long status, int64_t tries, int64_t asked_s, unsigned char chance,
                           int64_t *after_ms_out);

#endif
