/*
 * event: what goes from the server to people, as JSON text.
 *
 * Two kinds: entries of a room's log, which bear a `seq` (dense: 1, 2, 3, ...), and passing events,
 * which don't. A log entry is put together in two halves: C writes everything that it knows (the
 * "tail"), the script that appends it puts the numbers before it,
 *
 *     {"type":"message","seq":12,"n":10,"at":1790000000000,   <- head, written by the script
 *     "room":"lobby","from":{...},"text":"...","key":"..."}   <- tail, written by this codec
 *
 * and the same bytes are stored, published and sent, so that nobody has to encode them again.
 * The head's fixed form lets the push daemon number an entry without parsing the rest.
 */
#ifndef STONECHAT_EVENT_H
#define STONECHAT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/error.h>
#include <stonechat/limits.h>

/* X(name, word, whether it is an entry of the log). `revoked` never leaves the push daemon: a
 * user's session has ended; or, on a room's channel, older entries of its log have been replaced.
 */
/* clang-format off */
#define SC_EVENTS(X) \
    X(MESSAGE,   "message",   true) \
    X(EDITED,    "edited",    true) \
    X(DELETED,   "deleted",   true) \
    X(REACTION,  "reaction",  true) \
    X(PINNED,    "pinned",    true) \
    X(MEMBER,    "member",    true) \
    X(ROOM,      "room",      true) \
    X(WELCOME,   "welcome",   false) \
    X(CAUGHT_UP, "caught_up", false) \
    X(RESET,     "reset",     false) \
    X(JOINED,    "joined",    false) \
    X(LEFT,      "left",      false) \
    X(READ,      "read",      false) \
    X(TYPING,    "typing",    false) \
    X(PRESENCE,  "presence",  false) \
    X(MENTION,   "mention",   false) \
    X(NOTICE,    "notice",    false) \
    X(PONG,      "pong",      false) \
    X(ERROR,     "error",     false) \
    X(REVOKED,   "revoked",   false)
/* clang-format on */

enum sc_event_type {
#define X(name, word, logged) SC_EVENT_##name,
    SC_EVENTS(X)
#undef X
        SC_EVENT_UNKNOWN
};

bool sc_event_is_logged(enum sc_event_type type);

/* The head of any event; seq, n and at are 0 where the event has none. */
struct sc_event_head {
    enum sc_event_type type;
    uint64_t seq;
    uint64_t n;
    uint64_t at; /* ms since the epoch, Redis's clock */
};

/* Whether it is that of a log entry, which may be of a type that only a later version knows. */
static inline bool sc_event_is_entry(const struct sc_event_head *head) {
    return head->seq > 0;
}

/* Reads the head by its fixed form, without parsing the rest. False when `json` doesn't begin in
 * that form. An entry of a type that isn't known is one all the same, of type UNKNOWN. */
bool sc_event_peek(const char *json, size_t bytes, struct sc_event_head *head_out);

/* What the push daemon must know of the events it acts upon; strings are "" where absent. */
struct sc_event_target {
    char room[SC_ID_MAX + 1];    /* member, joined, left, mention */
    char user[SC_ID_MAX + 1];    /* member: whom it is about */
    char session[SC_ID_MAX + 1]; /* revoked: which one; "" all of the user's */
    char spared[SC_ID_MAX + 1];  /* revoked: the one that lives on */
    bool gone;                   /* member: op is left, kicked or banned */
    uint64_t seq;                /* joined: where live delivery begins; mention: the message */
};
/* False when it isn't a JSON object or a field is of the wrong form. */
bool sc_event_target(const char *json, size_t bytes, struct sc_event_target *out);

/* A person as events show one. Strings are lent. */
struct sc_person {
    const char *id;
    const char *name;
    const char *display;
};

struct sc_message {
    const char *room;
    struct sc_person from;
    const char *text;
    size_t text_bytes;
    const char *key;
    uint64_t reply_to; /* 0: no reply */
    bool is_bot;       /* a program, not a person: `from` says so by its role */
};

/* The tail of a log entry, beginning with `"room":`. Strings must be valid UTF-8. Freed by the
 * caller. Where there is a text, what comes before it is what a tombstone keeps: room and from. Who
 * is mentioned is added by the script, which knows who may see the room. */
char *sc_message_tail(const struct sc_message *message);
/* What was done to the message `target`; what doesn't apply is NULL. */
struct sc_change {
    const char *room;
    struct sc_person from;
    uint64_t target;
    const char *text; /* edited */
    size_t text_bytes;
    const char *emoji; /* reaction */
    const char *op;    /* reaction, pinned: add or remove */
};
char *sc_change_tail(const struct sc_change *change);
/* `role` may be NULL: the entry doesn't tell it. */
char *sc_member_tail(const char *room, const struct sc_person *from, const char *op,
                     const struct sc_person *user, const char *role);
/* A `room` entry's. `fields`: those of the room that have changed, alternately name and value, also
 * where that is a number (keep_days, keep_messages), which goes into the entry as one. */
char *sc_room_tail(const char *room, const struct sc_person *from, const char *const *fields,
                   size_t count);

/* A stored `message` entry as REST shows it: the same without `type`. Points into `entry`: prints
 * as `{` followed by the returned text. NULL when the entry is no message. */
const char *sc_message_without_type(const char *entry, size_t bytes, size_t *bytes_out);

struct sc_room_seq {
    const char *id;
    uint64_t seq;
};

/* Whole frames; each is one JSON object in fresh memory, freed by the caller. */
char *sc_welcome_encode(const char *conn, const char *user_json, int64_t heartbeat_s,
                        const struct sc_room_seq *rooms, size_t rooms_count);
char *sc_mark_encode(enum sc_event_type type, const char *room,
                     uint64_t seq); /* caught_up, reset, joined */
char *sc_left_encode(const char *room);
char *sc_read_encode(const char *room, const struct sc_person *user, uint64_t seq);
/* `user_json`: a person, as sc_person_encode gives it. */
char *sc_typing_encode(const char *room, const char *user_json);
/* What workers tell each other: somebody came online or went offline, who is in these rooms. */
struct sc_presence {
    char *frame; /* as clients get it */
    char **rooms;
    size_t rooms_count;
};
/* `user_json`: a person, as sc_person_encode gives it, who is online. */
char *sc_presence_encode(const char *user_json, const char *room);
/* False when it isn't one; then there is nothing to give back. */
bool sc_presence_decode(const char *json, size_t bytes, struct sc_presence *out);
void sc_presence_deinit(struct sc_presence *presence);
char *sc_pong_encode(const char *id); /* `id` may be NULL */
char *sc_error_encode(enum sc_error error);
/* A notice around `data`, which must be one JSON object of at most SC_NOTICE_MAX bytes: NULL when
 * it is not. `room` may be NULL. */
char *sc_notice_encode(const char *data, size_t bytes, const char *room);
/* A user as JSON: {id,name,display,role,created_at} and, where not empty, about and status. */
struct sc_user {
    struct sc_person person;
    const char *role;
    uint64_t created_at;
    const char *about;
    const char *status;
};
char *sc_user_encode(const struct sc_user *user);
/* The same as other people see it in events: {id,name,display}. */
char *sc_person_encode(const struct sc_person *person);

#endif
