/*
 * handle_reactions: a user's emoji at a message.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/emoji.h>

#include "store_messages.h"

static enum sc_error tell(struct exchange *x, const struct sc_change *told) {
    const struct sc_settings *settings = x->site->settings;
    char *tail = sc_change_tail(told);
    const struct store_change change = {told->room, x->session.user.id, (int64_t)told->target,
                                        tail};
    enum sc_error error = store_message_react(x->link, &change, told->emoji, told->op,
                                              settings->limits_reactions_per_message,
                                              settings->limits_reaction_uses_per_message);
    free(tail);
    return error;
}

static enum sc_error react(struct exchange *x, const char *op) {
    enum { EMOJI = 2 };
    char emoji[SC_EMOJI_MAX + 1];
    const char *given = x->arguments[EMOJI];
    const char *room = handle_room_id(x);
    int64_t seq = handle_seq(x);
    if (!room || seq == 0 || !sc_emoji_normalize(given, strlen(given), emoji)) {
        return SC_NOT_FOUND;
    }
    const struct sc_change told = {.room = room,
                                   .from = user_person(&x->session.user),
                                   .target = (uint64_t)seq,
                                   .emoji = emoji,
                                   .op = op};
    enum sc_error error = tell(x, &told);
    if (error == SC_OK) {
        reply_nothing(&x->reply);
    }
    return error;
}

enum sc_error handle_reaction_add(struct exchange *x) {
    return react(x, "add");
}

enum sc_error handle_reaction_remove(struct exchange *x) {
    return react(x, "remove");
}
