/*
 * push_verdict: a table of statuses; and pauses that double, from a second up to an hour.
 */
#include "push_verdict.h"

#include <stddef.h>

static const int64_t HOUR_MS = 60 * 60 * 1000, DAY_MS = 24 * 60 * 60 * 1000;

static const struct {
    long least, most;
    enum push_end end;
} ends[] = {
    {0, 0, PUSH_AGAIN},     {200, 299, PUSH_SENT},  {404, 404, PUSH_GONE},  {410, 410, PUSH_GONE},
    {408, 408, PUSH_AGAIN}, {429, 429, PUSH_AGAIN}, {500, 599, PUSH_AGAIN},
};

/* Doubles with each try; the upper half of the span is drawn from. */
static int64_t pause_ms(int64_t tries, unsigned char chance) {
    int64_t span_ms = tries < 12 ? INT64_C(1000) << tries : HOUR_MS;
    span_ms = span_ms < HOUR_MS ? span_ms : HOUR_MS;
    return span_ms / 2 + span_ms / 2 * chance / 255;
}

enum push_end push_verdict(long status, int64_t tries, int64_t asked_s, unsigned char chance,
                           int64_t *after_ms_out) {
    enum push_end end = PUSH_LOST;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (status >= ends[i].least && status <= ends[i].most) {
            end = ends[i].end;
        }
    }
    int64_t own_ms = pause_ms(tries, chance);
    int64_t asked_ms = asked_s < DAY_MS / 1000 ? asked_s * 1000 : DAY_MS;
    *after_ms_out = own_ms > asked_ms ? own_ms : asked_ms;
    return end == PUSH_AGAIN && tries + 1 >= PUSH_TRIES_MAX ? PUSH_LOST : end;
}
