/*
 * node: this worker as the other ones know it, and what becomes of those that have died.
 *
 * A node shows every few seconds that it lives. One that was silent is over for good: its
 * connections don't count any more, its users have a while to come back, and then whoever is told
 * of it clears them away. A worker whose node is over, or whose link to Redis was lost, so that
 * nobody knows what was noted, goes on as a new node and notes all its connections again.
 */
#ifndef PUSHD_NODE_H
#define PUSHD_NODE_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stdint.h>

#include <stonechat/limits.h>

#include "ids.h"
#include "store_presence.h"
#include "wheel.h"

struct node_events {
    /* It is another node now: whatever it has noted has to be noted again. */
    void (*on_renewed)(void *context);
    /* A user of a dead node went offline. */
    void (*on_gone)(void *context, const char *user, const struct store_leave *leave);
};

/* The dead node that is being cleared away. */
struct node_dead {
    char id[SC_ID_MAX + 1]; /* "": none */
    struct ids users;       /* of this round */
    size_t open;            /* of which so many haven't been answered */
    bool failed;
};

struct node {
    char id[SC_ID_MAX + 1];
    char predecessor[SC_ID_MAX + 1]; /* to be said to be over with the next beat; "": none */
    uint32_t serial;                 /* of the node: 1, 2, ... in this worker */
    uint32_t beaten;                 /* the serial that was beaten for last */
    char *known;                     /* for struct store_here */
    char *slot;
    char *const *large; /* for who clears away the dead: see struct store_here; set by the owner */
    struct store *store;
    struct wheel *wheel;
    struct wheel_entry timer;
    struct event flush;
    struct ids come, gone; /* users to be noted, and to be forgotten */
    struct node_dead dead;
    const struct node_events *events;
    void *context;
};

/* `slot`: SC_ID_MAX + 1 bytes that outlive the worker; they hold the id of the node before it in
 * this place ("": none), and then its own. */
void node_init(struct node *node, struct event_base *base, struct store *store, struct wheel *wheel,
               char *slot, const struct node_events *events, void *context);
/* After the store is freed. */
void node_deinit(struct node *node);

/* Commands can be sent: before anything else is. */
void node_on_store_up(struct node *node);
/* The worker is about to end; its users may come back elsewhere. */
void node_end(struct node *node);

/* A user may be online here; is certainly not. Told to Redis together with others. */
void node_add(struct node *node, const char *user);
void node_remove(struct node *node, const char *user);

#endif
