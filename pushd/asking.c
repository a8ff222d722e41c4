/*
 * asking: outlives whoever asked, if need be (see asking.h).
 */
#include "asking.h"

#include <stdlib.h>

#include <stonechat/memory.h>

struct asking {
    struct asking **slot; /* NULL: nobody waits for the answer any more */
    void *asker;
    union {
        asking_session_fn *on_session;
        asking_ticket_fn *on_ticket;
    };
};

void asking_forget(struct asking **slot) {
    if (*slot != NULL) {
        (*slot)->slot = NULL;
        *slot = NULL;
    }
}

static struct asking *asking_new(struct asking **slot, void *asker) {
    asking_forget(slot);
    *slot = sc_xcalloc(1, sizeof **slot);
    (*slot)->slot = slot;
    (*slot)->asker = asker;
    return *slot;
}

/* Whether somebody still waits; empties the slot. */
static bool is_awaited(struct asking *asking) {
    bool awaited = asking->slot != NULL;
    if (awaited) {
        *asking->slot = NULL;
    }
    return awaited;
}

static void on_session(const struct store_session *session, void *context) {
    struct asking *asking = context;
    if (is_awaited(asking)) {
        asking->on_session(asking->asker, session);
    }
    free(asking);
}

static void on_ticket(enum sc_error error, const struct sc_token *token, void *context) {
    struct asking *asking = context;
    if (is_awaited(asking)) {
        asking->on_ticket(asking->asker, error, token);
    }
    free(asking);
}

void asking_session(struct asking **slot, struct store *store, const struct sc_token *token,
                    const struct store_here *here, asking_session_fn *done, void *asker) {
    struct asking *asking = asking_new(slot, asker);
    asking->on_session = done;
    store_session(store, token, here, on_session, asking);
}

void asking_ticket(struct asking **slot, struct store *store, const char *hash,
                   asking_ticket_fn *done, void *asker) {
    struct asking *asking = asking_new(slot, asker);
    asking->on_ticket = done;
    store_ticket(store, hash, on_ticket, asking);
}
