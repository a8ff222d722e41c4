/*
 * listener: the door (see listener.h).
 */
#include "listener.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <stonechat/log.h>

#include "metrics.h"

/* So few that a storm of newcomers never holds up what is sent to those who are in. */
enum { ACCEPTS_MAX = 32 };

enum { BACKLOG = 4096, PAUSE_MS = 500, HOLD_MS = 500 };

int listener_open(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || strlen(path) >= sizeof address.sun_path) {
        sc_log(SC_LOG_ERROR, "listen_failed", "socket", path, "why", "the path is too long", NULL);
        return -1;
    }
    strcpy(address.sun_path, path);
    unlink(path);
    mode_t mask = umask(0117);
    bool fine = bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
    umask(mask);
    if (!fine || listen(fd, BACKLOG) != 0) {
        sc_log(SC_LOG_ERROR, "listen_failed", "socket", path, "why", strerror(errno), NULL);
        close(fd);
        return -1;
    }
    return fd;
}

static void pause_for(struct listener *listener, int ms) {
    struct timeval pause = {.tv_usec = ms * 1000};
    listener->paused = true;
    event_del(&listener->io);
    evtimer_add(&listener->again, &pause);
}

static void pause_for_a_while(struct listener *listener) {
    metric_add(metrics->accept_pauses_total, 1);
    pause_for(listener, PAUSE_MS);
}

/* Far too many: told so, as far as that goes without waiting, and gone. */
static void turn_away(int fd) {
    char *text = handshake_refuse(SC_BUSY);
    metric_add(&metrics->refusals_total[SC_BUSY], 1);
    sc_log(SC_LOG_INFO, "turned_away", "why", sc_error_row(SC_BUSY)->code, NULL);
    (void)!send(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
    free(text);
    close(fd);
}

static void on_readable(evutil_socket_t fd, short what, void *context) {
    struct listener *listener = context;
    struct conn_set *conns = listener->conns;
    (void)what;
    if (conns->asking >= CONN_ASKING_MAX) {
        listener_hold(listener);
        return;
    }
    for (int i = 0; i < ACCEPTS_MAX; i++) {
        int accepted = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
                sc_log(SC_LOG_WARNING, "accept_paused", "why", strerror(errno), NULL);
                pause_for_a_while(listener);
            }
            return;
        }
        metric_add(metrics->connections_accepted_total, 1);
        if (conns->count >= (uint64_t)conns->settings->push_connections + LISTENER_SPARE) {
            turn_away(accepted);
        } else {
            conn_new(conns, accepted);
        }
    }
}

void listener_go_on(struct listener *listener) {
    if (listener->paused) {
        listener->paused = false;
        event_del(&listener->again);
        event_add(&listener->io, NULL);
    }
}

static void on_again(evutil_socket_t fd, short what, void *context) {
    (void)fd;
    (void)what;
    listener_go_on(context);
}

void listener_init(struct listener *listener, struct event_base *base, int fd,
                   struct conn_set *conns) {
    listener->conns = conns;
    listener->paused = false;
    event_assign(&listener->io, base, fd, EV_READ | EV_PERSIST, on_readable, listener);
    evtimer_assign(&listener->again, base, on_again, listener);
    event_add(&listener->io, NULL);
}

void listener_hold(struct listener *listener) {
    pause_for(listener, HOLD_MS);
}

void listener_deinit(struct listener *listener) {
    event_del(&listener->io);
    event_del(&listener->again);
    listener->paused = false;
}
