/*
 * rest: how long a room lets entries gather after a delivery.
 *
 * A delivery costs one system call a reader, however much it brings. After one that took time the
 * next one waits for a multiple of that time, so that no room keeps the loop busy and what comes
 * meanwhile goes out together: the longer a delivery takes, the more is gained. A small room, or a
 * message by itself, never waits. Pure: it is told the time.
 */
#ifndef PUSHD_REST_H
#define PUSHD_REST_H

#include <stdint.h>

struct rest {
    int64_t until_us; /* of whatever clock it is told */
};

/* A delivery has begun and ended. */
void rest_after(struct rest *rest, int64_t began_us, int64_t ended_us);

static inline int64_t rest_left_us(const struct rest *rest, int64_t now_us) {
    return rest->until_us > now_us ? rest->until_us - now_us : 0;
}

#endif
