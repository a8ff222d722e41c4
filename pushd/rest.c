/*
 * rest: four times as long as it took, within bounds (see rest.h).
 *
 * Less than the least isn't worth a timer of the loop, which wakes by the millisecond. More than
 * the most would be felt.
 */
#include "rest.h"

enum { TIMES = 4, LEAST_US = 200, MOST_US = 8000 };

void rest_after(struct rest *rest, int64_t began_us, int64_t ended_us) {
    int64_t us = TIMES * (ended_us - began_us);
    us = us > MOST_US ? MOST_US : us;
    rest->until_us = us < LEAST_US ? 0 : ended_us + us;
}
