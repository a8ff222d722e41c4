/*
 * membership: joining and leaving, which touch a room's keys and a user's, in two slots.
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

/* Joins a public room; for who is in already, the membership as it is. NOT_FOUND for a private
 * one; FORBIDDEN when the user is in SC_ROOMS_MAX rooms. */
enum sc_error membership_join(struct link *link, const char *room, const struct sc_person *person,
                              struct membership *out);
/* NOT_FOUND for who is not in; FORBIDDEN for an owner unless `forced`. */
enum sc_error membership_leave(struct link *link, const char *room, const struct sc_person *person,
                               bool forced);
/* Puts a room that was opened just now into its owner's list. */
enum sc_error membership_begin(struct link *link, const char *room, const char *user, uint64_t seq);

/* The contract's member object: {user,role,read,joined_at}. `user` is taken. */
json_t *membership_json(const struct membership *membership, json_t *user);

#endif
