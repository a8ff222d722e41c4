/*
 * node: beats, the users of this node, and dead nodes, one at a time (see node.h).
 */
#include "node.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>
#include <stonechat/token.h>

#include "metrics.h"

enum { REAP_AT_ONCE = 100 };

/* --- its life --- */

static void become(struct node *node) {
    sc_id_new(node->id);
    strcpy(node->slot, node->id);
    node->serial++;
    ids_clear(&node->come);
    ids_clear(&node->gone);
}

static void on_flush(evutil_socket_t fd, short what, void *context) {
    struct node *node = context;
    (void)fd;
    (void)what;
    if (node->gone.count > 0) {
        store_node_remove(node->store, node->id, node->gone.list, node->gone.count);
    }
    if (node->come.count > 0) {
        store_node_add(node->store, node->id, node->come.list, node->come.count);
    }
    ids_clear(&node->gone);
    ids_clear(&node->come);
}

static void on_timer(struct wheel_entry *entry);

void node_init(struct node *node, struct event_base *base, struct store *store, struct wheel *wheel,
               char *slot, const struct node_events *events, void *context) {
    *node = (struct node){.slot = slot,
                          .store = store,
                          .wheel = wheel,
                          .events = events,
                          .context = context,
                          .timer.on_due = on_timer,
                          .known = sc_xstrdup("")};
    strcpy(node->predecessor, slot);
    become(node);
    event_assign(&node->flush, base, -1, 0, on_flush, node);
}

void node_deinit(struct node *node) {
    event_del(&node->flush);
    wheel_disarm(&node->timer);
    ids_clear(&node->come);
    ids_clear(&node->gone);
    ids_clear(&node->dead.users);
    free(node->known);
}

/* --- users --- */

/* With all others of this turn of the loop, and no later: who isn't noted when this process is
 * killed would never be said to be offline. */
static void note(struct node *node, struct ids *ids, const char *user) {
    struct timeval soon = {.tv_usec = 0};
    ids_add(ids, user);
    if (!event_pending(&node->flush, EV_TIMEOUT, NULL)) {
        event_add(&node->flush, &soon);
    }
}

void node_add(struct node *node, const char *user) {
    note(node, &node->come, user);
}

void node_remove(struct node *node, const char *user) {
    note(node, &node->gone, user);
}

/* --- the dead --- */

static void reap(struct node *node);

struct reaping {
    struct node *node;
    char user[SC_ID_MAX + 1];
};

/* A round is done; one that failed is for whoever is told of the node next. */
static void end_round(struct node *node) {
    struct node_dead *dead = &node->dead;
    if (!dead->failed) {
        store_node_remove(node->store, dead->id, dead->users.list, dead->users.count);
    }
    ids_clear(&dead->users);
    if (dead->failed) {
        dead->id[0] = '\0';
    } else {
        reap(node);
    }
}

static void on_reaped(enum sc_error error, const struct store_leave *leave, void *context) {
    struct reaping *reaping = context;
    struct node *node = reaping->node;
    node->dead.failed = node->dead.failed || error != SC_OK;
    if (leave->gone) {
        node->events->on_gone(node->context, reaping->user, leave);
    }
    free(reaping);
    if (--node->dead.open == 0) {
        end_round(node);
    }
}

static void on_some(enum sc_error error, const char *const *users, size_t count, void *context) {
    struct node *node = context;
    struct node_dead *dead = &node->dead;
    if (error != SC_OK || count == 0) {
        if (error == SC_OK) {
            store_node_forget(node->store, dead->id);
            sc_log(SC_LOG_INFO, "node_cleared_away", "node", dead->id, NULL);
        }
        dead->id[0] = '\0';
        return;
    }
    dead->failed = false;
    dead->open = count;
    for (size_t i = 0; i < count; i++) {
        struct reaping *reaping = sc_xcalloc(1, sizeof *reaping);
        reaping->node = node;
        strcpy(reaping->user, users[i]);
        ids_add(&dead->users, users[i]);
        store_user_leave(node->store, reaping->user, dead->id, UINT64_MAX, *node->large, on_reaped,
                         reaping);
    }
}

static void reap(struct node *node) {
    store_node_some(node->store, node->dead.id, REAP_AT_ONCE, on_some, node);
}

/* --- beats --- */

static void beat(struct node *node);

static void renew(struct node *node) {
    strcpy(node->predecessor, node->id);
    become(node);
    sc_log(SC_LOG_INFO, "node_renewed", "node", node->id, "before", node->predecessor, NULL);
    beat(node);
    node->events->on_renewed(node->context);
}

static void on_beat(enum sc_error error, const struct store_beat *told, void *context) {
    struct node *node = context;
    if (error != SC_OK || node->beaten != node->serial) {
        return;
    }
    if (told->over) {
        renew(node);
        return;
    }
    node->predecessor[0] = '\0';
    free(node->known);
    node->known = sc_xstrdup(told->known);
    metric_set(metrics->nodes, told->alive);
    if (told->dead[0] != '\0' && node->dead.id[0] == '\0') {
        sc_log(SC_LOG_INFO, "node_dead", "node", told->dead, NULL);
        strcpy(node->dead.id, told->dead);
        reap(node);
    }
}

static void beat(struct node *node) {
    bool fresh = node->beaten != node->serial;
    node->beaten = node->serial;
    wheel_arm(node->wheel, &node->timer, SC_NODE_BEAT_S - 1);
    store_node_beat(node->store, node->id, fresh, node->predecessor, on_beat, node);
    char *figures = metrics_figures();
    store_node_figures(node->store, node->id, figures);
    free(figures);
}

static void on_timer(struct wheel_entry *entry) {
    beat((struct node *)((char *)entry - offsetof(struct node, timer)));
}

/* What was asked when the link was lost may have been done or not. */
void node_on_store_up(struct node *node) {
    if (node->beaten != 0) {
        renew(node);
    } else {
        beat(node);
    }
}

void node_end(struct node *node) {
    wheel_disarm(&node->timer);
    store_node_end(node->store, node->id);
    node->serial++; /* from now on nothing that was noted is taken back */
}
