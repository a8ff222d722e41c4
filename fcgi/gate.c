/*
 * gate: one epoll that all threads wait at (see gate.h).
 *
 * pool opens it, its workers take from it and give back. What waits fires once and is then out of
 * it, until it is given back, so that a connection is never in two hands. Those that are idle when
 * the program ends are closed by that.
 */
#include "gate.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

static bool watch(struct gate *gate, int operation, int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    return epoll_ctl(gate->epoll, operation, fd, &event) == 0;
}

bool gate_init(struct gate *gate, int listener) {
    gate->listener = listener;
    gate->epoll = epoll_create1(EPOLL_CLOEXEC);
    gate->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    atomic_init(&gate->closing, false);
    return gate->epoll >= 0 && gate->bell >= 0 && watch(gate, EPOLL_CTL_ADD, listener, EPOLLIN) &&
           watch(gate, EPOLL_CTL_ADD, gate->bell, EPOLLIN);
}

void gate_deinit(struct gate *gate) {
    close(gate->bell);
    close(gate->epoll);
    close(gate->listener);
}

/* A newcomer, who has a request: nginx connects when it has one. -1: another thread was quicker. */
static int admit(struct gate *gate) {
    return accept4(gate->listener, NULL, NULL, SOCK_CLOEXEC);
}

/* What is next, or -1: nothing within `ms`, or nothing of use. */
static int look(struct gate *gate, int ms) {
    struct epoll_event event;
    if (epoll_wait(gate->epoll, &event, 1, ms) != 1 || event.data.fd == gate->bell) {
        return -1;
    }
    if (event.data.fd == gate->listener) {
        return admit(gate);
    }
    if (event.events & (EPOLLHUP | EPOLLRDHUP | EPOLLERR)) {
        close(event.data.fd);
        return -1;
    }
    return event.data.fd;
}

/* What had come before the bell rang; the bell and the listener may take the first two turns. */
static int rest(struct gate *gate) {
    int connection = -1;
    for (int turn = 0; turn < 4 && connection < 0; turn++) {
        connection = look(gate, 0);
    }
    return connection;
}

int gate_next(struct gate *gate) {
    while (!atomic_load(&gate->closing)) {
        int connection = look(gate, -1);
        if (connection >= 0) {
            return connection;
        }
    }
    return rest(gate);
}

void gate_return(struct gate *gate, int connection) {
    static const uint32_t events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT;
    if (!watch(gate, EPOLL_CTL_MOD, connection, events) &&
        !(errno == ENOENT && watch(gate, EPOLL_CTL_ADD, connection, events))) {
        close(connection);
    }
}

void gate_close(struct gate *gate) {
    atomic_store(&gate->closing, true);
    shutdown(gate->listener, SHUT_RDWR); /* what has connected already is still handed out */
    eventfd_write(gate->bell, 1);
}
