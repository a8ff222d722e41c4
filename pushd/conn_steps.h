/*
 * conn_steps: what each state of a connection does with bytes, and when its time is up.
 */
#ifndef PUSHD_CONN_STEPS_H
#define PUSHD_CONN_STEPS_H

#include "conn.h"

struct conn_step {
    const char *name;
    /* Takes `count` bytes at `bytes`; returns how many, the rest is kept. NULL: nothing is read. */
    size_t (*on_bytes)(struct conn *conn, unsigned char *bytes, size_t count);
    void (*on_deadline)(struct conn *conn);
    /* How long the state may last, in seconds; 0: for ever. */
    uint32_t (*seconds)(const struct conn *conn);
};

extern const struct conn_step conn_steps[CONN_STATE_COUNT];

#endif
