/*
 * conn: one connection of a browser, from its request head to its last byte.
 *
 * It owns the socket, the inbox and the outbox, and lives through the states below in this order,
 * skipping some. It knows WebSocket and, through conn_sse.h, events, but nothing of users, rooms or
 * Redis: what happens on it rises through `struct conn_events`, which worker.c wires. Between
 * messages it holds no buffer.
 */
#ifndef PUSHD_CONN_H
#define PUSHD_CONN_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include <stonechat/error.h>
#include <stonechat/settings.h>

#include "conn_state.h"
#include "frame.h"
#include "handshake.h"
#include "inbox.h"
#include "lane.h"
#include "outbox.h"
#include "sse.h"
#include "wheel.h"

struct client;

/* What a delivery touches that can't take the lane stands first, in one line of the processor's
 * cache. */
struct conn {
    int fd;
    enum conn_state state : 8;
    enum frame_form form : 8; /* what it takes */
    bool is_dirty : 1;
    bool upgraded : 1;    /* what flows is WebSocket frames */
    bool deaf : 1;        /* what the peer sends can't be understood any more */
    bool heard : 1;       /* something came since the last ping */
    bool pinged : 1;      /* and has not answered yet */
    bool peer_closed : 1; /* its Close frame, or its end of file, has come */
    bool blocked : 1;     /* the socket takes no more for now, and will tell when it does */
    bool full : 1;        /* no more frames until all is sent: on_drained is owed */
    bool followed : 1;    /* its user is `log.user` */
    bool hopeless : 1;    /* not even what must arrive fits: to be closed */
    struct outbox outbox;
    struct conn_set *set;
    struct sse *sse;       /* it reads events (GET /events); NULL: it speaks WebSocket */
    struct client *client; /* whose this is; set and cleared by client.c */
    struct event io;
    struct wheel_entry deadline;
    const char *user; /* whose that is, for the log, once it is known; lent */
    int64_t number;   /* what it is called in `welcome` and the log */
    struct inbox inbox;
    LIST_ENTRY(conn) link;    /* in the set's all, or its graveyard */
    STAILQ_ENTRY(conn) dirty; /* in the set's list of those with something to send */
    uint64_t address;         /* whose limit it counts towards: see addresses.h */
    uint32_t beat_due, timer_due;
    uint32_t frames_second; /* the second in which `frames` are counted */
    uint32_t frames;
    uint32_t late_bytes; /* that came after the last words */
    uint32_t lane;
};

/* What rises. Each may call any conn_ function on its connection; none frees it. */
struct conn_events {
    /* A request whose head is fine; to be answered, now or later, by conn_accept or conn_refuse. */
    void (*on_request)(struct conn *conn, const struct handshake *request);
    void (*on_text)(struct conn *conn, const char *text, size_t bytes);
    void (*on_timer)(struct conn *conn);
    /* An entry had to be dropped from a full queue; it will have to be caught up with. */
    void (*on_dropped)(struct conn *conn, const struct frame *frame);
    /* The queue, which was full, is empty. */
    void (*on_drained)(struct conn *conn);
    void (*on_gone)(struct conn *conn);
};

/* All connections of a worker. */
struct conn_set {
    struct event_base *base;
    struct wheel *wheel;
    const struct sc_settings *settings;
    const struct conn_events *events;
    struct event flush;
    LIST_HEAD(conn_list, conn) all, graveyard;
    STAILQ_HEAD(conn_dirty, conn) dirty;
    struct frame *ping;
    unsigned char *scratch; /* what is read goes here first, whoever's it is */
    uint64_t count;
    uint64_t asking; /* of them, those for whom Redis is asked */
    int64_t last_number;
    void (*on_turn)(void *context); /* a turn of the loop ends: the last chance to send anything */
    void (*on_room)(void *context); /* one more can come in */
    void *context;
};

void conn_set_init(struct conn_set *set, struct event_base *base, struct wheel *wheel,
                   const struct sc_settings *settings, const struct conn_events *events);
void conn_set_deinit(struct conn_set *set);

/* Takes over an accepted, non-blocking socket. */
struct conn *conn_new(struct conn_set *set, int fd);

/* Queues a frame, to be written together with all else that this turn of the loop brings. False
 * when the queue is full: it has been shed, `frame` with it (unless it is FRAME_CONTROL, which is
 * queued in any case), and on_drained will follow. */
bool conn_send(struct conn *conn, struct frame *frame);
/* The same, but straight to the socket where nothing else is under way: for what is the only thing
 * that this turn brings. */
bool conn_send_now(struct conn *conn, struct frame *frame);
/* By its lane the socket has taken the first `sent` bytes of a frame, in the form that the
 * connection takes: the rest is queued. */
void conn_send_rest(struct conn *conn, struct frame *frame, size_t sent);
/* Has on_turn called, and what was queued written, when this turn of the loop ends. */
void conn_set_wake(struct conn_set *set);
/* Whether frames sent now would be queued. */
bool conn_has_room(const struct conn *conn);
/* Takes no more frames until all is sent, and has on_drained called then. */
void conn_await_drain(struct conn *conn);

/* Answers the request: opens the WebSocket with its first frame, or refuses it; `answer`, `sse` and
 * `text` are taken. */
void conn_accept(struct conn *conn, char **answer, struct frame *first);
/* The same with events, into which the answer's head has been written. */
void conn_accept_events(struct conn *conn, struct sse **sse, struct frame *first);
void conn_refuse(struct conn *conn, enum sc_error error);
void conn_reply(struct conn *conn, char **text);

/* Says Close and ends the connection; what was queued is dropped. `reason` may be NULL: the
 * error's code word. */
void conn_close(struct conn *conn, enum sc_error error, const char *reason);

/* Whose it is, now that it is known (NULL: no more). */
void conn_set_user(struct conn *conn, const char *user);
/* `log.user` has changed. */
void conn_set_follow(struct conn_set *set);

/* Has on_timer called in `seconds`, once the connection is OPEN; 0: never. */
void conn_set_timer(struct conn *conn, uint32_t seconds);

#endif
