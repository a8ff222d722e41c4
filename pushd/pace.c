/*
 * pace: a moving average (see pace.h).
 */
#include "pace.h"

enum { USUAL_PER_SECOND = 1500, MANY = 50, SPREAD_LEAST_MS = 500 };

static const double LEAST_PER_SECOND = 100, SHARE = 0.5, WEIGHT = 0.25;

void pace_init(struct pace *pace, uint64_t welcomed) {
    *pace = (struct pace){.welcomed = welcomed, .per_second = USUAL_PER_SECOND};
}

void pace_look(struct pace *pace, uint64_t welcomed, int64_t cpu_us) {
    uint64_t came = welcomed - pace->welcomed;
    int64_t used_us = cpu_us - pace->cpu_us;
    pace->welcomed = welcomed;
    pace->cpu_us = cpu_us;
    if (came < MANY || used_us <= 0) {
        return;
    }
    double measured = SHARE * 1e6 * (double)came / (double)used_us;
    pace->per_second += WEIGHT * (measured - pace->per_second);
    if (pace->per_second < LEAST_PER_SECOND) {
        pace->per_second = LEAST_PER_SECOND;
    }
}

uint64_t pace_spread_ms(const struct pace *pace, uint64_t population) {
    return SPREAD_LEAST_MS + (uint64_t)(1000 * (double)population / pace->per_second);
}
