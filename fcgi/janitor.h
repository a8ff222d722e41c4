/*
 * janitor: the thread that does the chores, beside those that serve requests.
 *
 * It has a link of its own, so that nobody waits for it, and rests a little after each turn. One
 * chore is one instance's at a time: a key in Redis says whose, and for how long it rests
 * afterwards. Redis away, or a chore failing, is tried again; the log hears of it once.
 */
#ifndef FCGI_JANITOR_H
#define FCGI_JANITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chore.h"
#include "site.h"

struct janitor;

/* Begins; all chores are due at first. `site` and `rows` are lent for the janitor's life. NULL,
 * with a line in the log, when there is no thread to be had. */
struct janitor *janitor_new(struct site *site, const struct chore *rows, size_t count);

/* Begins no further turn and waits up to `wait_ms` for the present one. False when that is still at
 * work; then the janitor must stay as it is. */
bool janitor_close(struct janitor **janitor, int64_t wait_ms);

#endif
