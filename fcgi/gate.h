/*
 * gate: where nginx's connections wait, so that no thread has to wait with one.
 *
 * nginx keeps a connection after an answer and uses it again; libfcgi would bind it to the thread
 * that has accepted it, and requests on it would wait for that thread while others are idle. Here
 * a connection belongs to a thread only from its request to the answer.
 */
#ifndef FCGI_GATE_H
#define FCGI_GATE_H

#include <stdatomic.h>
#include <stdbool.h>

struct gate {
    int listener, epoll;
    int bell; /* an eventfd, which rings from gate_close on */
    atomic_bool closing;
};

/* Takes the listening socket, not blocking, which is closed by gate_deinit. */
bool gate_init(struct gate *gate, int listener);
void gate_deinit(struct gate *gate);

/* The connection of a request that has come; waits for one. -1 after gate_close, when all that had
 * come by then have been given out. For any thread. */
int gate_next(struct gate *gate);
/* Its request is answered, and nginx keeps it. */
void gate_return(struct gate *gate, int connection);

/* No more requests are taken; wakes whoever waits. */
void gate_close(struct gate *gate);

#endif
