/*
 * store_rooms: rooms, who is in them, and each user's own list of rooms.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_ROOMS_H
#define FCGI_STORE_ROOMS_H

#include <stdbool.h>

#include "link.h"

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
    VIEW_LAST, /* the newest message's entry, or "" */
    VIEW_FOLD  /* what has become of it, or "" */
};
enum sc_error store_room_view(struct link *link, const char *room, const char *user,
                              struct answer *out);
/* The same question as part of a batch. */
void store_room_view_ask(struct ask *ask, const char *room, const char *user);
void store_room_members_ask(struct ask *ask, const char *room);

/* The user's own list: rows room, seq, room, seq, ... */
enum sc_error store_user_rooms(struct link *link, const char *user, struct answer *out);
enum sc_error store_user_rooms_count(struct link *link, const char *user, int64_t *count_out);

struct store_membership {
    bool fresh;   /* joined just now */
    char *member; /* JSON {role, joined_at, seq}; freed by the caller */
    uint64_t read;
};
enum sc_error store_room_join(struct link *link, const char *room, const char *user,
                              const char *tail, struct store_membership *out);
enum sc_error store_room_leave(struct link *link, const char *room, const char *user,
                               const char *tail, bool forced, uint64_t *seq_out);
/* The JSON of the members hash; NULL when the user is no member. Freed by the caller. */
enum sc_error store_member(struct link *link, const char *room, const char *user,
                           char **member_out);
/* `event` is published to the user's connections when the list has changed; "": none. */
enum sc_error store_membership_add(struct link *link, const char *user, const char *room,
                                   uint64_t seq, const char *event);
enum sc_error store_membership_drop(struct link *link, const char *user, const char *room,
                                    uint64_t seq, const char *event);
/* The ids of all members, in no order; NOT_FOUND and FORBIDDEN as for a room's messages. */
enum sc_error store_members(struct link *link, const char *room, const char *user,
                            struct answer *out);
/* Of `count` members: the JSON of the members hash (NULL: gone meanwhile; freed by the caller) and
 * the seq that each has read up to. Both arrays come in zeroed. */
enum sc_error store_members_rows(struct link *link, const char *room, const char *const *users,
                                 size_t count, char **members_out, uint64_t *marks_out);

#endif
