/*
 * user: the table of users with a connection here (see user.h).
 */
#include "user.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "metrics.h"

enum { LINGER_SECONDS = 5, RETRY_SECONDS = 5 };

void user_set_init(struct user_set *set, struct feed *feed, struct wheel *wheel) {
    *set = (struct user_set){.feed = feed, .wheel = wheel};
}

static void user_free(struct user *user) {
    metric_subtract(metrics->users, 1);
    wheel_disarm(&user->timer);
    HASH_DELETE(hh, user->set->by_id, user);
    free(user->person);
    free(user);
}

/* --- the end --- */

static void close_user(struct user *user) {
    feed_unsubscribe(user->set->feed, FEED_USER, user->id);
    user_free(user);
}

/* Who came back meanwhile has been noted anew, after this. */
static void on_left(enum sc_error error, const struct store_leave *leave, void *context) {
    struct user *user = context;
    user->leaving = false;
    if (leave->gone) {
        presence_on_gone(user->set->presence, user->id, leave);
    }
    if (error != SC_OK) {
        user->noted = user->set->node->serial;
    } else if (user->noted == 0 && user->added == user->set->node->serial) {
        node_remove(user->set->node, user->id);
        user->added = 0;
    }
    if (!LIST_EMPTY(&user->clients)) {
        return;
    }
    if (user->noted != 0) {
        wheel_arm(user->set->wheel, &user->timer, RETRY_SECONDS);
    } else {
        close_user(user);
    }
}

static void leave(struct user *user) {
    const struct user_set *set = user->set;
    user->leaving = true;
    user->noted = 0;
    store_user_leave(set->store, user->id, set->node->id, set->number, set->presence->large,
                     on_left, user);
}

/* What was noted under a node that is over is cleared away with it. */
static void on_timer(struct wheel_entry *entry) {
    struct user *user = (struct user *)((char *)entry - offsetof(struct user, timer));
    if (!LIST_EMPTY(&user->clients) || user->leaving) {
        return;
    }
    if (user->noted == user->set->node->serial) {
        leave(user);
    } else {
        close_user(user);
    }
}

void user_set_deinit(struct user_set *set) {
    struct user *user, *next;
    HASH_ITER(hh, set->by_id, user, next) {
        user_free(user);
    }
}

struct user *user_find(struct user_set *set, const char *id) {
    struct user *user;
    HASH_FIND_STR(set->by_id, id, user);
    return user;
}

struct user *user_open(struct user_set *set, const char *id) {
    struct user *user = user_find(set, id);
    if (user == NULL) {
        user = sc_xcalloc(1, sizeof *user);
        strcpy(user->id, id);
        user->set = set;
        user->timer.on_due = on_timer;
        LIST_INIT(&user->clients);
        HASH_ADD_STR(set->by_id, id, user);
        metric_add(metrics->users, 1);
        feed_subscribe(set->feed, FEED_USER, id);
    }
    return user;
}

void user_on_noted(struct user *user, const struct store_session *session) {
    free(user->person);
    user->person = sc_xstrdup(session->person_json);
    metric_add(metrics->presence_changes_total, session->came);
    if (user->added != user->set->node->serial) {
        user->added = user->set->node->serial;
        node_add(user->set->node, user->id);
    }
}

void user_release(struct user *user) {
    int64_t grace_s = user->set->presence->settings->push_presence_grace_s;
    if (LIST_EMPTY(&user->clients)) {
        wheel_arm(user->set->wheel, &user->timer,
                  user->noted != 0 ? (uint32_t)grace_s : LINGER_SECONDS);
    }
}

void user_set_on_feed_down(struct user_set *set) {
    struct user *user, *next;
    HASH_ITER(hh, set->by_id, user, next) {
        user->subscribed = false;
    }
}

void user_set_on_feed_up(struct user_set *set) {
    struct user *user, *next;
    HASH_ITER(hh, set->by_id, user, next) {
        feed_subscribe(set->feed, FEED_USER, user->id);
    }
}
