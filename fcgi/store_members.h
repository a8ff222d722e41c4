/*
 * store_members: who is in a room, who may not be, and who may not speak there.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_MEMBERS_H
#define FCGI_STORE_MEMBERS_H

#include "store_rooms.h"

/* See room_join.lua. */
struct store_admission {
    struct store_caller by;
    const char *user;
    const char *role;    /* "": as it is, or `member` */
    const char *joined;  /* the entry's tail where the user is new; "": only who is in already */
    const char *changed; /* and where the role has changed */
};
struct store_membership {
    bool fresh;   /* joined just now */
    char *member; /* JSON {role, joined_at, seq}; freed by the caller */
    uint64_t read;
};
enum sc_error store_room_join(struct link *link, const char *room,
                              const struct store_admission *admission,
                              struct store_membership *out);

/* See room_leave.lua. */
struct store_departure {
    struct store_caller by;
    const char *user;
    const char *op; /* left, kicked, banned */
    const char *tail;
    bool forced;
    bool asks; /* only whether it may be */
};
struct store_departed {
    uint64_t seq;             /* of the entry that tells; 0: there is none */
    bool alone;               /* nobody else is in: nothing was done */
    char heir[SC_ID_MAX + 1]; /* with LAST_OWNER: who should own the room, or "" */
};
enum sc_error store_room_leave(struct link *link, const char *room,
                               const struct store_departure *departure, struct store_departed *out);

/* The JSON of the members hash; NULL when the user is no member. Freed by the caller. */
enum sc_error store_member(struct link *link, const char *room, const char *user,
                           char **member_out);
/* `event` is published to the user's connections when the list has changed; "": none. */
enum sc_error store_membership_add(struct link *link, const char *user, const char *room,
                                   uint64_t seq, const char *event);
enum sc_error store_membership_drop(struct link *link, const char *user, const char *room,
                                    uint64_t seq, const char *event);
/* The same as part of a batch, seq 0. */
void store_membership_drop_ask(struct ask *ask, const char *user, const char *room,
                               const char *event);

/* The ids of all members, in no order, and whether the caller moderates; NOT_FOUND and FORBIDDEN as
 * for a room's messages, but for admins. */
enum sc_error store_members(struct link *link, const char *room, const struct store_caller *caller,
                            bool *moderates_out, struct answer *out);
/* Of `count` members; the array comes in zeroed. */
struct store_member {
    char *json; /* of the members hash; NULL: gone meanwhile; freed by the caller */
    uint64_t read;
    int64_t muted_until; /* 0: until it is lifted; -1: not muted */
};
enum sc_error store_members_rows(struct link *link, const char *room, const char *const *users,
                                 size_t count, struct store_member *members_out);

/* Rows user, JSON {by, at}, user, ...; for who moderates. */
enum sc_error store_bans(struct link *link, const char *room, const struct store_caller *caller,
                         struct answer *out);
enum sc_error store_ban_lift(struct link *link, const char *room, const struct store_caller *caller,
                             const char *user);
/* `until`: ms since the epoch, 0 until it is lifted; INVALID when that has passed. */
enum sc_error store_mute(struct link *link, const char *room, const struct store_caller *caller,
                         const char *user, int64_t until);
enum sc_error store_mute_lift(struct link *link, const char *room,
                              const struct store_caller *caller, const char *user);

#endif
