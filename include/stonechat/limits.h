/*
 * limits: the lengths and counts that are part of the protocol and therefore not settings.
 *
 * What an operator may change stands in settings.h, section [limits]. Every row in either place
 * has a test that crosses it by one.
 */
#ifndef STONECHAT_LIMITS_H
#define STONECHAT_LIMITS_H

/* clang-format off */
enum {
    SC_ID_MAX            = 32,    /* characters of an id, [a-z0-9] */
    SC_KEY_MIN           = 8,     /* characters of a message's `key`, [A-Za-z0-9_-] */
    SC_KEY_MAX           = 64,
    SC_NAME_MAX_BYTES    = 256,   /* of a user's or room's name, also after folding */
    SC_TOKEN_MAX         = 160,   /* characters of a session token or ticket */
    SC_JSON_DEPTH        = 16,    /* levels of nesting in a body or client frame */
    SC_JSON_MEMBERS      = 64,    /* members of one object in a body */
    SC_CLIENT_FRAME_MAX  = 4096,  /* bytes of one message from a WebSocket client */
    SC_NOTICE_MAX        = 65536, /* bytes of one publication on chat:message */
    SC_KEEP_DAYS_MAX     = 36500, /* of a room's log */
    SC_KEEP_MESSAGES_MAX = 1000000000,
    SC_ROOMS_MAX         = 1000,  /* rooms of one user */
    SC_REQUEST_HEAD_MAX  = 8192,  /* bytes of an upgrade request's head */
    SC_KEY_REMEMBER_DAYS = 7,     /* a message's `key` is remembered that long */
    SC_NODE_BEAT_S       = 5,     /* a worker of the push daemon shows so often that it lives, */
    SC_NODE_ALIVE_S      = 15,    /* is over when silent for longer, */
    SC_NODE_DEAD_S       = 30,    /* and its users are offline after that */
    SC_ONLINE_S          = 60,    /* a user counts for so long among those online in a large room */
    SC_ONLINE_PAUSE_S    = 5,     /* which is told of their number so often at most */
};
/* clang-format on */

#endif
