/*
 * push_sender: the thread that wakes devices, beside those that serve requests.
 *
 * A thread of stonechat-fcgi and no program of its own: it needs this half's store and settings and
 * nothing else, and what it has to do lies in Redis, so that it may end at any moment. All
 * instances share the work: what one has taken (push_take.lua) nobody else takes for a while; what
 * it did not settle by then, because it died, comes again. So a push is sent at least once, and its
 * tag makes a second one take the place of the first.
 */
#ifndef FCGI_PUSH_SENDER_H
#define FCGI_PUSH_SENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "site.h"

struct push_sender;

/* Begins. `site` is lent for its life. NULL, with a line in the log, when there is no thread to be
 * had. */
struct push_sender *push_sender_new(struct site *site);
/* From any thread: something has been noted. NULL: there is nobody to be told. */
void push_sender_wake(struct push_sender *sender);
/* Gives up what is on its way. False when the thread doesn't end within `wait_ms`; then all must
 * stay as it is. */
bool push_sender_close(struct push_sender **sender, int64_t wait_ms);

#endif
