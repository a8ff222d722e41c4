/*
 * chore: the rows of chore.h as a table.
 */
#include "chore.h"

const struct chore chores[CHORE_COUNT] = {
#define X(name, every_ms) {#name, every_ms, chore_##name},
    CHORES(X)
#undef X
};
