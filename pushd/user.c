/*
 * user: the table of users with a connection here (see user.h).
 */
#include "user.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "metrics.h"

enum { LINGER_SECONDS = 5 };

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

/* Whoever lost a connection is back soon. */
static void on_timer(struct wheel_entry *entry) {
    struct user *user = (struct user *)((char *)entry - offsetof(struct user, timer));
    if (LIST_EMPTY(&user->clients)) {
        feed_unsubscribe(user->set->feed, FEED_USER, user->id);
        user_free(user);
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

void user_set_person(struct user *user, const char *person_json) {
    free(user->person);
    user->person = sc_xstrdup(person_json);
}

void user_release(struct user *user) {
    if (LIST_EMPTY(&user->clients)) {
        wheel_arm(user->set->wheel, &user->timer, LINGER_SECONDS);
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
