/*
 * conn_out: how what is sent to a connection leaves it.
 *
 * It is queued and written once a turn of the loop: all that one read from Redis brings goes to a
 * socket in one write. What others call is declared in conn.h; this is what conn needs of it.
 */
#ifndef PUSHD_CONN_OUT_H
#define PUSHD_CONN_OUT_H

#include "conn.h"

/* Appends to the queue, whatever its bound, and has it written. */
void conn_out_queue(struct conn *conn, struct frame *frame);
/* Writes what the socket takes; when that is all, whoever waited for it goes on. */
void conn_out_write(struct conn *conn);

#endif
