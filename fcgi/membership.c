/*
 * membership: the order of joining and leaving.
 *
 * Joining: the room first, then the list, then the room is asked once more, in case the user left
 * meanwhile. Leaving: out of the list first, then out of the room, then out of the list again, in
 * case a join came in between. The notes carry the seq of the entry that they follow, so that an
 * older one never undoes a newer one.
 */
#include "membership.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_rooms.h"

bool membership_parse(struct membership *membership, const char *json) {
    const char *role;
    json_int_t joined_at, seq;
    json_t *root = json_loads(json, 0, NULL);
    bool good = root && json_unpack(root, "{s:s,s:I,s:I}", "role", &role, "joined_at", &joined_at,
                                    "seq", &seq) == 0;
    if (good) {
        snprintf(membership->role, sizeof membership->role, "%s", role);
        membership->joined_at = (uint64_t)joined_at;
        membership->seq = (uint64_t)seq;
    }
    json_decref(root);
    return good;
}

static enum sc_error note_joined(struct link *link, const char *room, const char *user,
                                 uint64_t seq) {
    char *event = sc_mark_encode(SC_EVENT_JOINED, room, seq);
    enum sc_error error = store_membership_add(link, user, room, seq, event);
    free(event);
    return error;
}

static enum sc_error note_left(struct link *link, const char *room, const char *user,
                               uint64_t seq) {
    char *event = sc_left_encode(room);
    enum sc_error error = store_membership_drop(link, user, room, seq, event);
    free(event);
    return error;
}

enum sc_error membership_begin(struct link *link, const char *room, const char *user,
                               uint64_t seq) {
    enum sc_error error = note_joined(link, room, user, seq);
    char *member = NULL;
    if (error == SC_OK) {
        error = store_member(link, room, user, &member);
    }
    if (error == SC_OK && !member) {
        error = note_left(link, room, user, seq);
    }
    free(member);
    return error;
}

static enum sc_error join_room(struct link *link, const char *room, const struct sc_person *person,
                               struct membership *out) {
    struct store_membership stored;
    char *tail = sc_member_tail(room, person, "joined", person);
    enum sc_error error = store_room_join(link, room, person->id, tail, &stored);
    if (error == SC_OK && !membership_parse(out, stored.member)) {
        error = SC_INTERNAL;
    }
    out->fresh = stored.fresh;
    out->read = stored.read;
    free(stored.member);
    free(tail);
    return error;
}

/* A thousand rooms are enough, but who is in one already is no newcomer to it. */
static enum sc_error may_join(struct link *link, const char *room, const char *user) {
    int64_t count;
    char *member = NULL;
    enum sc_error error = store_user_rooms_count(link, user, &count);
    if (error == SC_OK && count >= SC_ROOMS_MAX) {
        error = store_member(link, room, user, &member);
        if (error == SC_OK && !member) {
            error = SC_FORBIDDEN;
        }
    }
    free(member);
    return error;
}

/* The account was closed in the middle: a member who is nobody would stay for ever. */
static enum sc_error undo(struct link *link, const char *room, const struct sc_person *person) {
    uint64_t seq;
    char *tail = sc_member_tail(room, person, "left", person);
    enum sc_error error = store_room_leave(link, room, person->id, tail, true, &seq);
    free(tail);
    return error == SC_OK || error == SC_NOT_FOUND ? SC_UNAUTHENTICATED : error;
}

enum sc_error membership_join(struct link *link, const char *room, const struct sc_person *person,
                              struct membership *out) {
    enum sc_error error = may_join(link, room, person->id);
    if (error == SC_OK) {
        error = join_room(link, room, person, out);
    }
    if (error != SC_OK) {
        return error;
    }
    error = membership_begin(link, room, person->id, out->seq);
    return error == SC_NOT_FOUND ? undo(link, room, person) : error;
}

/* Known before anything is undone: whether the room lets this member go. */
static enum sc_error may_leave(struct link *link, const char *room, const char *user, bool forced) {
    struct membership membership = {.role = ""};
    char *member;
    enum sc_error error = store_member(link, room, user, &member);
    if (error == SC_OK && !member) {
        error = SC_NOT_FOUND;
    }
    if (error == SC_OK && !forced && membership_parse(&membership, member) &&
        strcmp(membership.role, "owner") == 0) {
        error = SC_FORBIDDEN;
    }
    free(member);
    return error;
}

enum sc_error membership_leave(struct link *link, const char *room, const struct sc_person *person,
                               bool forced) {
    uint64_t seq = 0;
    enum sc_error error = may_leave(link, room, person->id, forced);
    if (error == SC_FORBIDDEN) {
        return error;
    }
    if (error == SC_OK || error == SC_NOT_FOUND) {
        enum sc_error noted = store_membership_drop(link, person->id, room, 0, "");
        if (noted != SC_OK) {
            return noted;
        }
    }
    if (error == SC_OK) {
        char *tail = sc_member_tail(room, person, "left", person);
        error = store_room_leave(link, room, person->id, tail, forced, &seq);
        free(tail);
    }
    return error == SC_OK ? note_left(link, room, person->id, seq) : error;
}

json_t *membership_json(const struct membership *membership, json_t *user) {
    return json_pack("{s:o,s:s,s:I,s:I}", "user", user, "role", membership->role, "read",
                     (json_int_t)membership->read, "joined_at", (json_int_t)membership->joined_at);
}
