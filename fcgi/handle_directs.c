/*
 * handle_directs: the one room of two people.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include "direct.h"
#include "membership.h"
#include "rate.h"

static enum sc_error open_direct(struct exchange *x, const struct user *peer, const char *room,
                                 bool *fresh_out) {
    const struct sc_person own = user_person(&x->session.user), other = user_person(peer);
    char *mine = sc_member_tail(room, &own, "joined", &own, NULL);
    char *theirs = sc_member_tail(room, &own, "joined", &other, NULL);
    const struct store_entrant entrants[] = {{own.id, mine}, {other.id, theirs}};
    size_t count = strcmp(own.id, other.id) == 0 ? 1 : 2;
    enum sc_error error = store_room_direct(x->link, room, entrants, count, fresh_out);
    free(theirs);
    free(mine);
    return error;
}

/* Both lists name it from now on; where it was there before, that heals what was cut short. */
static enum sc_error enlist(struct exchange *x, const struct user *peer, const char *room) {
    enum sc_error error = membership_restore(x->link, room, x->session.user.id);
    return error == SC_OK ? membership_restore(x->link, room, peer->id) : error;
}

static enum sc_error open_with(struct exchange *x, const struct user *peer) {
    char room[SC_ID_MAX + 1];
    bool fresh = false;
    direct_room_id(x->session.user.id, peer->id, room);
    enum sc_error error = membership_may_begin(x->link, room, x->session.user.id);
    if (error == SC_OK) {
        error = membership_may_begin(x->link, room, peer->id);
    }
    if (error == SC_OK) {
        error = open_direct(x, peer, room, &fresh);
    }
    if (error == SC_OK) {
        error = enlist(x, peer, room);
    }
    if (!fresh) {
        rate_undo(x, RATE_DIRECTS); /* only new ones count */
    }
    return error == SC_OK ? handle_reply_room(x, fresh ? 201 : 200, room) : error;
}

enum sc_error handle_direct_open(struct exchange *x) {
    struct user peer;
    enum sc_error error = handle_user(x, 0, &peer);
    if (error != SC_OK) {
        rate_undo(x, RATE_DIRECTS);
        return error;
    }
    error = peer.disabled ? SC_NOT_FOUND : open_with(x, &peer);
    user_deinit(&peer);
    return error;
}
