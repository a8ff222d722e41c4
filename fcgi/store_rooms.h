/*
 * store_rooms: rooms themselves, and each user's own list of them; for who is in see store_members.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_ROOMS_H
#define FCGI_STORE_ROOMS_H

#include <stdbool.h>

#include "link.h"

/* Who asks: those of the site see every room, and may in each what its owner may. */
struct store_caller {
    const char *id;
    bool admin;
    const char *usual; /* level of notify.rooms, for a room's view; NULL: of no interest */
};

struct store_room {
    const char *id;
    const char *owner; /* "": nobody's */
    const char *tail;  /* of the owner's `member` entry */
    const char *name;
    const char *title;
    const char *topic;
    const char *kind;
};
enum sc_error store_room_open(struct link *link, const struct store_room *room, uint64_t *seq_out);
/* The rows of room_view.lua's answer. */
enum store_view {
    VIEW_NAME = 1,
    VIEW_TITLE,
    VIEW_TOPIC,
    VIEW_KIND,
    VIEW_CREATED_AT,
    VIEW_BY,
    VIEW_SEQ,
    VIEW_N,
    VIEW_ROLE, /* "": not a member */
    VIEW_READ,
    VIEW_UNREAD,
    VIEW_MENTIONS,
    VIEW_LAST,      /* the newest message's entry, or "" */
    VIEW_FOLD,      /* what has become of it, or "" */
    VIEW_PEER,      /* of a direct room: the other user's id; else "" */
    VIEW_MUTED,     /* until when the caller is; 0: until that is lifted, -1: not at all */
    VIEW_KEEP_DAYS, /* for how long it keeps its log; 0: as long as the site does */
    VIEW_KEEP_MESSAGES,
    VIEW_NOTIFY /* what the caller wants to hear of from it */
};
enum sc_error store_room_view(struct link *link, const char *room,
                              const struct store_caller *caller, struct answer *out);
/* The same question as part of a batch. */
void store_room_view_ask(struct ask *ask, const char *room, const struct store_caller *caller);
void store_room_members_ask(struct ask *ask, const char *room);

/* The user's own list: rows room, seq, room, seq, ... */
enum sc_error store_user_rooms(struct link *link, const char *user, struct answer *out);
enum sc_error store_user_rooms_count(struct link *link, const char *user, int64_t *count_out);

/* The rows of room_facts.lua's answer, for whoever may see every room. */
enum store_fact {
    FACT_NAME = 1,
    FACT_TITLE,
    FACT_TOPIC,
    FACT_KIND,
    FACT_BY,
    FACT_FIRST_NUMBER,
    FACT_CREATED_AT = FACT_FIRST_NUMBER,
    FACT_SEQ,
    FACT_N,
    FACT_MEMBERS,
    FACT_ENTRIES, /* of the log */
    FACT_HOOKS
};
enum sc_error store_room_facts(struct link *link, const char *room, struct answer *out);
/* The same question as part of a batch. */
void store_room_facts_ask(struct ask *ask, const char *room);

/* All rooms, in no order; one may come twice, and one that comes or goes meanwhile be left
 * out. Begins with the cursor
 * "0" and has ended when it is "0" again; each step's rows are given back with answer_deinit. */
struct store_room_walk {
    char cursor[24];
    struct answer rows;
};
enum sc_error store_room_walk_on(struct link *link, struct store_room_walk *walk);
/* The id of the step's room `i`, "" to be passed over; false when it has no more. */
bool store_room_walk_id(const struct store_room_walk *walk, size_t i, char id_out[SC_ID_MAX + 1]);

/* The direct room of those who come in, two or one; `fresh_out`: whether it was opened by this. */
struct store_entrant {
    const char *user;
    const char *tail; /* of the `member` entry that tells */
};
enum sc_error store_room_direct(struct link *link, const char *room,
                                const struct store_entrant *entrants, size_t count,
                                bool *fresh_out);

struct store_room_change {
    const char *tail; /* of the `room` entry */
    const char *name; /* what the caller has seen: another by now is a CONFLICT */
    const char *kind;
    const char *const *fields; /* name, value, ... */
    size_t count;
};
enum sc_error store_room_change(struct link *link, const char *room,
                                const struct store_caller *caller,
                                const struct store_room_change *change);

/* Ends a room; who was in it is kept for store_room_clear. */
struct store_room_delete {
    bool alone; /* only if nobody but the caller is in */
    const char *name;
    const char *kind; /* as in store_room_change */
};
enum sc_error store_room_delete(struct link *link, const char *room,
                                const struct store_caller *caller,
                                const struct store_room_delete *wish);
/* Strikes those off who are `done` (ids, each after a space) and tells at most `most` of the rest,
 * from row 1 on. CONFLICT: the room is there. */
enum sc_error store_room_clear(struct link *link, const char *room, int64_t most, const char *done,
                               struct answer *out);

/* Rooms whose deletion has begun, with the folded name that each owned ("": none). */
enum sc_error store_ended_note(struct link *link, const char *room, const char *folded);
enum sc_error store_ended_forget(struct link *link, const char *room);
/* Rows room, name, room, name, ... */
enum sc_error store_ended_rooms(struct link *link, struct answer *out);

#endif
