/*
 * client: a signed-in person behind a connection: whose it is, and the rooms it reads.
 *
 * It comes to be with a request (signin leads it from there to `welcome`), hears what it is told
 * (client_commands) and what its user does elsewhere (devices), and is over with its connection.
 */
#ifndef PUSHD_CLIENT_H
#define PUSHD_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include <stonechat/settings.h>
#include <stonechat/token.h>

#include "asking.h"
#include "conn.h"
#include "room.h"
#include "store.h"
#include "user.h"

enum client_state {
    CLIENT_TICKET,  /* its ticket is being taken */
    CLIENT_USER,    /* its user is being subscribed */
    CLIENT_SESSION, /* its session is being checked */
    CLIENT_ROOMS,   /* the ends of its rooms are being read */
    CLIENT_HELD,    /* welcomed; `resume` may come */
    CLIENT_LIVE
};

struct client_set {
    const struct sc_settings *settings;
    struct store *store;
    struct feed *feed;
    struct room_set *rooms;
    struct user_set *users; /* and by them, the node and who is told of presence */
    /* What a client that is still signing in has been told by Redis may be out of date. */
    void (*on_unsettled)(struct client *client);
    bool draining; /* nobody is let in any more */
};

/* What only a client that is still signing in needs. */
struct arrival {
    char *answer;    /* the 101 */
    struct sse *sse; /* or this, with the head of the answer to GET /events in it */
    char *address;   /* as the proxy names it; "" when it doesn't */
    char *user_json; /* for `welcome` */
    uint32_t rooms;  /* whose end isn't known yet, plus one while they are being entered */
};

struct client {
    struct client_set *set;
    struct conn *conn;
    struct user *user; /* NULL before CLIENT_USER */
    LIST_ENTRY(client) of_user;
    struct sub *subs;
    struct asking *asking;   /* the question to Redis that is under way, if any */
    struct arrival *arrival; /* NULL from CLIENT_HELD on */
    int64_t left_ms;         /* until its session ends, when last looked at */
    struct sc_token token;
    uint64_t number;   /* in this worker; 0: Redis hasn't been asked about it yet */
    uint32_t noted;    /* the serial of the node under which Redis may know it; 0: none */
    uint32_t stamp;    /* see struct presence */
    uint32_t typed_at; /* the second of its last `typing`; 0: none yet */
    enum client_state state : 8;
    bool narrowed : 1; /* it has said which rooms it wants */
    bool recheck : 1;  /* what it was let in by may be out of date */
};

/* Makes a client for a connection that asks to be let in. */
struct client *client_new(struct client_set *set, struct conn *conn);
void arrival_free(struct arrival **arrival);

/* Asks whether the client's session holds, and notes the connection as one of its user's; a new one
 * is refused when they have enough. */
void client_check(struct client *client, bool fresh, asking_session_fn *done);

/* Its place in a room; NULL when it isn't in there. */
struct sub *client_sub(const struct client *client, const char *room);

/* Enters a room, from entry `from` on, or (0) held at its end. */
void client_enter(struct client *client, const char *room, uint64_t from);
/* Leaves it and says so, once; `room` may be that of the place that goes with it. */
void client_leave(struct client *client, const char *room);

/* Sends what concerns this connection alone; takes `json`. */
void client_say(struct client *client, char *json);

/* Has said where it stands, or had its time to: entries flow. */
void client_go_live(struct client *client);

/* What was let in by what Redis knew is looked at again: now, or (all of a worker) soon. */
void client_recheck(struct client *client);
void client_set_recheck(struct client_set *set);

/* What rises from the connection; what is said on it, to client_commands. */
void client_on_timer(struct conn *conn);
void client_on_dropped(struct conn *conn, const struct frame *frame);
void client_on_drained(struct conn *conn);
void client_on_gone(struct conn *conn);

/* A room that was entered by a client that is live already is ready. */
void client_on_late_room(struct sub *sub);
/* A room's log was replaced: what else is stored may be, too. */
void client_on_rewritten(struct sub *sub);

#endif
