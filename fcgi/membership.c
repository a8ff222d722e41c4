/*
 * membership: the order of coming in, which touches a room's keys and a user's, in two slots.
 *
 * The room first, then the list, then the room is asked once more, in case the user left
 * meanwhile. The notes carry the seq of the entry that they follow, so that an older one never
 * undoes a newer one.
 */
#include "membership.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_members.h"

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

enum sc_error membership_end(struct link *link, const char *room, const char *user, uint64_t seq) {
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
        error = membership_end(link, room, user, seq);
    }
    free(member);
    return error;
}

enum sc_error membership_restore(struct link *link, const char *room, const char *user) {
    struct membership membership;
    char *member;
    enum sc_error error = store_member(link, room, user, &member);
    if (error == SC_OK && member && membership_parse(&membership, member)) {
        error = membership_begin(link, room, user, membership.seq);
    }
    free(member);
    return error;
}

static enum sc_error admit(struct link *link, const struct membership_wish *wish,
                           struct membership *out) {
    const char *id = wish->user.id, *role = wish->role ? wish->role : "";
    struct store_membership stored;
    char *joined = sc_member_tail(wish->room, &wish->by, "joined", &wish->user, wish->role);
    char *changed = sc_member_tail(wish->room, &wish->by, "role", &wish->user, role);
    const struct store_admission admission = {.by = {.id = wish->by.id, .admin = wish->admin},
                                              .user = id,
                                              .role = role,
                                              .joined = wish->only_members ? "" : joined,
                                              .changed = changed};
    enum sc_error error = store_room_join(link, wish->room, &admission, &stored);
    if (error == SC_OK && !membership_parse(out, stored.member)) {
        error = SC_INTERNAL;
    }
    out->fresh = stored.fresh;
    out->read = stored.read;
    free(stored.member);
    free(changed);
    free(joined);
    return error;
}

enum sc_error membership_may_begin(struct link *link, const char *room, const char *user) {
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
static enum sc_error undo(struct link *link, const struct membership_wish *wish) {
    struct store_departed departed;
    char *tail = sc_member_tail(wish->room, &wish->user, "left", &wish->user, NULL);
    const struct store_departure departure = {.by = {.id = wish->user.id, .admin = false},
                                              .user = wish->user.id,
                                              .op = "left",
                                              .tail = tail,
                                              .forced = true};
    enum sc_error error = store_room_leave(link, wish->room, &departure, &departed);
    bool is_own = strcmp(wish->by.id, wish->user.id) == 0;
    free(tail);
    if (error != SC_OK && error != SC_NOT_FOUND) {
        return error;
    }
    return is_own ? SC_UNAUTHENTICATED : SC_NOT_FOUND;
}

enum sc_error membership_admit(struct link *link, const struct membership_wish *wish,
                               struct membership *out) {
    enum sc_error error = membership_may_begin(link, wish->room, wish->user.id);
    if (error == SC_OK) {
        error = admit(link, wish, out);
    }
    if (error != SC_OK) {
        return error;
    }
    error = membership_begin(link, wish->room, wish->user.id, out->seq);
    return error == SC_NOT_FOUND ? undo(link, wish) : error;
}

enum sc_error membership_join(struct link *link, const char *room, const struct sc_person *person,
                              struct membership *out) {
    const struct membership_wish wish = {.room = room, .by = *person, .user = *person};
    return membership_admit(link, &wish, out);
}

json_t *membership_json(const struct membership *membership, json_t *user) {
    return json_pack("{s:o,s:s,s:I,s:I}", "user", user, "role", membership->role, "read",
                     (json_int_t)membership->read, "joined_at", (json_int_t)membership->joined_at);
}
