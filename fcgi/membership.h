/*
 * membership: coming into a room, which touches a room's keys and a user's, in two slots; for the
 * way out see departure.
 *
 * The room's members hash is the truth; the user's own list of rooms is its index. The order of
 * the steps is such that the list never names a room for long that the user is not in, whoever
 * dies in between, and that each step may be done again.
 */
#ifndef FCGI_MEMBERSHIP_H
#define FCGI_MEMBERSHIP_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>
#include <stonechat/error.h>
#include <stonechat/event.h>

#include "link.h"

struct membership {
    bool fresh; /* joined just now */
    char role[16];
    uint64_t joined_at;
    uint64_t seq; /* of the entry that says so */
    uint64_t read;
};

/* Reads the JSON of the members hash; false when it is none. `read` and `fresh` stay as they are.
 */
bool membership_parse(struct membership *membership, const char *json);

/* Who wants whom in a room, and as what. */
struct membership_wish {
    const char *room;
    struct sc_person by;
    bool admin; /* he asks as one of the site */
    struct sc_person user;
    const char *role;  /* NULL: as it is, `member` for who is new */
    bool only_members; /* nobody is brought in, only a role is changed */
};
/* Joins a public room, brings another in, or changes a role; see room_join.lua for who may. Also
 * FORBIDDEN when the user is new and in SC_ROOMS_MAX rooms. */
enum sc_error membership_admit(struct link *link, const struct membership_wish *wish,
                               struct membership *out);
/* The same for who comes by himself. */
enum sc_error membership_join(struct link *link, const char *room, const struct sc_person *person,
                              struct membership *out);

/* A thousand rooms are enough: FORBIDDEN, but for who is in this one already. */
enum sc_error membership_may_begin(struct link *link, const char *room, const char *user);
/* Puts a room into the list of who has become its member by entry `seq`. */
enum sc_error membership_begin(struct link *link, const char *room, const char *user, uint64_t seq);
/* Takes it out of the list, and tells the user's connections; `seq` 0: in any case. */
enum sc_error membership_end(struct link *link, const char *room, const char *user, uint64_t seq);
/* Puts it back where it was taken out too early: the user is in all the same. */
enum sc_error membership_restore(struct link *link, const char *room, const char *user);

/* The contract's member object: {user,role,read,joined_at}. `user` is taken. */
json_t *membership_json(const struct membership *membership, json_t *user);

#endif
