/*
 * handle_pins: the messages that a room keeps at hand.
 */
#include "handle.h"

#include <stdlib.h>

#include "message_view.h"
#include "store_messages.h"

static void reply_pins(struct exchange *x, const struct answer *pins) {
    FILE *body = reply_begin(&x->reply, 200);
    fputs("{\"messages\":[", body);
    for (size_t i = PINS_MESSAGES; i < answer_count(pins); i += 2) {
        fputs(i > PINS_MESSAGES ? "," : "", body);
        message_view_write(body, pins, i, x->session.user.id);
    }
    fputs("]}", body);
}

enum sc_error handle_pins_list(struct exchange *x) {
    const char *room = handle_room_id(x);
    if (!room) {
        return SC_NOT_FOUND;
    }
    struct answer pins;
    enum sc_error error = store_pins(x->link, room, x->session.user.id, &pins);
    if (error == SC_OK) {
        reply_pins(x, &pins);
    }
    answer_deinit(&pins);
    return error;
}

static enum sc_error pin(struct exchange *x, const char *op) {
    const char *room = handle_room_id(x);
    int64_t seq = handle_seq(x);
    if (!room || seq == 0) {
        return SC_NOT_FOUND;
    }
    const struct sc_change told = {
        .room = room, .from = user_person(&x->session.user), .target = (uint64_t)seq, .op = op};
    char *tail = sc_change_tail(&told);
    const struct store_change change = {room, x->session.user.id, seq, tail};
    enum sc_error error =
        store_message_pin(x->link, &change, op, x->site->settings->limits_pins_per_room);
    if (error == SC_OK) {
        reply_nothing(&x->reply);
    }
    free(tail);
    return error;
}

enum sc_error handle_pin_add(struct exchange *x) {
    return pin(x, "add");
}

enum sc_error handle_pin_remove(struct exchange *x) {
    return pin(x, "remove");
}
