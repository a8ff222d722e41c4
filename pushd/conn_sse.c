/*
 * conn_sse: from the queue to the socket, by way of text (see conn_sse.h).
 */
#include "conn_sse.h"

#include <sys/socket.h>

#include "metrics.h"

enum { PIECES_MAX = 64 };

void conn_sse_begin(struct conn *conn, struct sse **sse) {
    conn->sse = *sse;
    *sse = NULL;
    metric_add(metrics->queue_bytes, conn->sse->bytes);
}

void conn_sse_end(struct conn *conn) {
    if (conn->sse != NULL) {
        metric_subtract(metrics->queue_bytes, conn->sse->bytes - conn->sse->sent);
        sse_free(&conn->sse);
    }
}

/* The queue counts what has been put down as sent but for its last byte: that stays until the text
 * is out, so that the queue isn't empty before, nor what is on its way dropped. */
static void put_down(struct conn *conn) {
    struct iovec pieces[PIECES_MAX];
    int count = outbox_gather(&conn->outbox, pieces, PIECES_MAX);
    size_t taken = 0;
    for (int i = 0; i < count && !sse_is_full(conn->sse); i++) {
        taken += sse_write(conn->sse, pieces[i].iov_base, pieces[i].iov_len);
    }
    metric_add(metrics->bytes_sent_total, conn->sse->bytes - taken);
    metric_add(metrics->queue_bytes, conn->sse->bytes);
    outbox_sent(&conn->outbox, taken - 1);
}

/* Nobody answers what it is told: that it takes it has to do. */
ssize_t conn_sse_send(struct conn *conn) {
    struct sse *sse = conn->sse;
    bool is_head = sse->text != NULL && conn->outbox.sent == 0;
    if (sse->text == NULL) {
        put_down(conn);
    }
    ssize_t count = send(conn->fd, sse->text + sse->sent, sse->bytes - sse->sent, MSG_NOSIGNAL);
    if (count < 0) {
        return count;
    }
    conn->heard = true;
    metric_add(metrics->bytes_sent_total, is_head ? (uint64_t)count : 0);
    metric_subtract(metrics->queue_bytes, (uint64_t)count);
    sse_sent(sse, (size_t)count);
    return sse->text == NULL && !is_head ? 1 : 0;
}
