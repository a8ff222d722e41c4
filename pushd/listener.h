/*
 * listener: accepts connections from the socket that all workers share.
 *
 * A few at a time, so that a storm of newcomers delays nobody who is in. It stops listening when
 * there is no descriptor to be had, instead of spinning, or when nobody could be let in yet, and
 * goes on when that has changed.
 */
#ifndef PUSHD_LISTENER_H
#define PUSHD_LISTENER_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>

#include "conn.h"

/* Connections beyond push.connections that are let in as far as their request, so that a health
 * check is answered and an upgrade properly refused by a daemon that is full. */
enum { LISTENER_SPARE = 64 };

struct listener {
    struct event io;
    struct event again;
    struct conn_set *conns;
    bool paused;
};

/* Binds the socket at `path` (mode 0660) and listens; -1 and a line in the log on failure. */
int listener_open(const char *path);

/* Accepts from `fd` into `conns`. */
void listener_init(struct listener *listener, struct event_base *base, int fd,
                   struct conn_set *conns);
void listener_deinit(struct listener *listener);

/* Has whoever comes wait, half a second at most, until there is a reason to go on. */
void listener_hold(struct listener *listener);
/* A descriptor has become free, or what was waited for has come. */
void listener_go_on(struct listener *listener);

#endif
