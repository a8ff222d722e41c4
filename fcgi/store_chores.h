/*
 * store_chores: whose turn it is to do a chore, among all instances of this program.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says.
 */
#ifndef FCGI_STORE_CHORES_H
#define FCGI_STORE_CHORES_H

#include "link.h"

struct store_chore {
    const char *name;
    const char *instance; /* the id of this one */
};
/* BUSY when it isn't due for anybody for another `wait_ms_out`. */
enum sc_error store_chore_take(struct link *link, const struct store_chore *chore, int64_t lease_ms,
                               int64_t *wait_ms_out);
/* Nobody takes it again before `rest_ms` have passed. */
enum sc_error store_chore_leave(struct link *link, const struct store_chore *chore,
                                int64_t rest_ms);

#endif
