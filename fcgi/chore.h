/*
 * chore: what has to be done now and then and on nobody's behalf; one row each.
 *
 * The janitor runs them, each over again when its time has come, in one instance of this program
 * at a time. A chore works in turns: it does a bounded piece, a few dozen questions to Redis at
 * most, and says whether there is more. It must bear to be cut off anywhere and begun again, now
 * and then even by two at once: an instance that was frozen may wake up to a turn that is over.
 */
#ifndef FCGI_CHORE_H
#define FCGI_CHORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/settings.h>

#include "link.h"

/* X(name, how long it rests, ms): chore_NAME, in chore_NAME.c. */
/* clang-format off */
#define CHORES(X) \
    X(lobby, 10000) \
    X(rooms, 10000) \
    X(files, 2000) \
    X(retention, 60000) \
    X(erasures, 10000) \
    X(guests, 10000) \
    X(pushes, 60000)
/* clang-format on */

enum chore_id {
#define X(name, every_ms) CHORE_##name,
    CHORES(X)
#undef X
        CHORE_COUNT
};

/* One turn. `link` is the janitor's own, its time whole; `more_out` comes in false. What is
 * returned other than SC_OK is logged, and the turn is tried again later. */
typedef enum sc_error chore_fn(struct link *link, const struct sc_settings *settings,
                               bool *more_out);

#define X(name, every_ms) chore_fn chore_##name;
CHORES(X)
#undef X

struct chore {
    const char *name;
    int64_t every_ms;
    chore_fn *run;
};

extern const struct chore chores[CHORE_COUNT];

#endif
