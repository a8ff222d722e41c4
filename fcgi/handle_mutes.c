/*
 * handle_mutes: who may read in a room but not speak.
 */
#include "handle.h"

#include "store_members.h"

enum { UNTIL };

const struct form_field mute_set_fields[] = {
    [UNTIL] = {"until", FORM_NUMBER, .least = 1, .most = INT64_C(1) << 53},
    {.name = NULL},
};

enum sc_error handle_mute_set(struct exchange *x) {
    const struct store_caller caller = handle_caller(x);
    const char *room = handle_room_id(x), *user = handle_user_id(x, 1);
    const struct form_value *until = &x->form.values[UNTIL];
    enum sc_error error =
        room && user ? store_mute(x->link, room, &caller, user, until->given ? until->number : 0)
                     : SC_NOT_FOUND;
    if (error == SC_INVALID) {
        return form_refuse(&x->form, UNTIL, SC_TEXT_RANGE);
    }
    if (error == SC_OK) {
        reply_nothing(&x->reply);
    }
    return error;
}

enum sc_error handle_mute_lift(struct exchange *x) {
    const struct store_caller caller = handle_caller(x);
    const char *room = handle_room_id(x), *user = handle_user_id(x, 1);
    enum sc_error error =
        room && user ? store_mute_lift(x->link, room, &caller, user) : SC_NOT_FOUND;
    if (error == SC_OK) {
        reply_nothing(&x->reply);
    }
    return error;
}
