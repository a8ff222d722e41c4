/*
 * conn_sse: what a connection that reads events has yet to send, put down as such and written.
 *
 * Its queue is that of any connection, in WebSocket frames. Only when it is their turn frames
 * become text (sse.h), as much as one write should take; so what is shed before was in no id.
 */
#ifndef PUSHD_CONN_SSE_H
#define PUSHD_CONN_SSE_H

#include <sys/types.h>

#include "conn.h"

/* The connection reads events from now on; takes `sse`. What is put down counts among all queues'
 * bytes until it is out, or at the end. */
void conn_sse_begin(struct conn *conn, struct sse **sse);
/* Whatever it reads. */
void conn_sse_end(struct conn *conn);

/* Writes to the socket what comes next of a queue that isn't empty. Returns how many bytes of the
 * queue are done with, which may be 0, or -1 and errno. */
ssize_t conn_sse_send(struct conn *conn);

#endif
