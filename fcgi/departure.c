/*
 * departure: the order of going.
 *
 * The room is asked whether it lets the user go; then out of the list, out of the room, and out of
 * the list again, in case he came back in between. So nobody hears for long what he may not hear
 * any more, whoever dies in the middle. If the room has changed its mind meanwhile, as when two
 * owners leave at the same instant, it goes back into the list.
 */
#include "departure.h"

#include <stdlib.h>
#include <string.h>

#include "membership.h"
#include "room_end.h"
#include "store_members.h"
#include "store_users.h"

enum { TRIES_MOST = 8 };

static enum sc_error leave(struct link *link, const struct departure *departure, bool asks,
                           struct store_departed *out) {
    char *tail =
        sc_member_tail(departure->room, &departure->by, departure->op, &departure->user, NULL);
    const struct store_departure stored = {
        .by = {.id = departure->by.id, .admin = departure->admin},
        .user = departure->user.id,
        .op = departure->op,
        .tail = tail,
        .forced = departure->forced,
        .asks = asks};
    enum sc_error error = store_room_leave(link, departure->room, &stored, out);
    free(tail);
    return error;
}

/* Of a list that names a room too many, too. */
static enum sc_error go(struct link *link, const struct departure *departure) {
    const char *room = departure->room, *user = departure->user.id;
    struct store_departed departed;
    enum sc_error error = store_membership_drop(link, user, room, 0, "");
    if (error == SC_OK) {
        error = leave(link, departure, false, &departed);
    }
    if (error == SC_OK && !departed.alone) {
        return departed.seq > 0 ? membership_end(link, room, user, departed.seq) : SC_OK;
    }
    if (error != SC_NOT_FOUND) {
        membership_restore(link, room, user);
    }
    return error == SC_OK ? SC_CONFLICT : error;
}

static enum sc_error hand_over(struct link *link, const struct departure *departure,
                               const char *heir) {
    struct user user;
    enum sc_error error = heir[0] ? store_user(link, heir, &user) : SC_LAST_OWNER;
    if (error != SC_OK) {
        return error;
    }
    struct membership membership;
    const struct membership_wish wish = {.room = departure->room,
                                         .by = departure->by,
                                         .admin = true,
                                         .user = user_person(&user),
                                         .role = "owner",
                                         .only_members = true};
    error = membership_admit(link, &wish, &membership);
    user_deinit(&user);
    return error;
}

/* CONFLICT: what was found is not so any more. */
static enum sc_error try(struct link *link, const struct departure *departure) {
    struct store_departed departed;
    enum sc_error error = leave(link, departure, true, &departed);
    if (error == SC_OK && departed.alone) {
        return room_end_with_last(link, departure->room, departure->user.id);
    }
    if (error == SC_LAST_OWNER && departure->forced) {
        error = hand_over(link, departure, departed.heir);
        return error == SC_OK || error == SC_NOT_FOUND ? SC_CONFLICT : error;
    }
    if (error == SC_NOT_FOUND && strcmp(departure->op, "left") == 0) {
        store_membership_drop(link, departure->user.id, departure->room, 0, "");
    }
    return error == SC_OK ? go(link, departure) : error;
}

enum sc_error departure_make(struct link *link, const struct departure *departure) {
    enum sc_error error = SC_CONFLICT;
    for (int i = 0; i < TRIES_MOST && error == SC_CONFLICT; i++) {
        error = try(link, departure);
    }
    return error;
}
