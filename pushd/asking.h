/*
 * asking: a question to Redis whose asker may be gone when the answer comes.
 *
 * The asker keeps one slot, which holds the question while it is under way. Asking anew, or
 * forgetting, leaves the old answer to nobody.
 */
#ifndef PUSHD_ASKING_H
#define PUSHD_ASKING_H

#include "store.h"

struct asking;

typedef void asking_session_fn(void *asker, const struct store_session *session);
typedef void asking_ticket_fn(void *asker, enum sc_error error, const struct sc_token *token);

/* As store_session and store_ticket; the slot is empty again when `done` is called. */
void asking_session(struct asking **slot, struct store *store, const struct sc_token *token,
                    const struct store_here *here, asking_session_fn *done, void *asker);
void asking_ticket(struct asking **slot, struct store *store, const char *hash,
                   asking_ticket_fn *done, void *asker);

/* Empties the slot; `done` will not be called. */
void asking_forget(struct asking **slot);

#endif
