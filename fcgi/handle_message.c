/*
 * handle_message: one message: shown as it is by now, edited, deleted.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include "indexer.h"
#include "mentions.h"
#include "message_view.h"
#include "store_messages.h"

enum { TEXT };

const struct form_field message_edit_fields[] = {
    [TEXT] = {"text", FORM_TEXT, .required = true, .shape = SC_TEXT_PROSE, .least = 1,
              .most_setting = LIMIT(text_chars), .bytes_setting = LIMIT(text_bytes)},
    {.name = NULL},
};

static void reply_message(struct exchange *x, const struct answer *answer) {
    FILE *body = reply_begin(&x->reply, 200);
    fputs("{\"message\":", body);
    message_view_write(body, answer, MESSAGE_ENTRY, x->session.user.id);
    fputc('}', body);
}

enum sc_error handle_message_read(struct exchange *x) {
    const char *room = handle_room_id(x);
    int64_t seq = handle_seq(x);
    if (!room || seq == 0) {
        return SC_NOT_FOUND;
    }
    struct answer answer;
    enum sc_error error = store_message_view(x->link, room, x->session.user.id, seq, &answer);
    if (error == SC_OK) {
        reply_message(x, &answer);
    }
    answer_deinit(&answer);
    return error;
}

static enum sc_error edit(struct exchange *x, const struct sc_change *told, const char *mentions,
                          struct answer *edited) {
    char *tail = sc_change_tail(told);
    const struct store_change change = {told->room, x->session.user.id, (int64_t)told->target,
                                        tail};
    enum sc_error error = store_message_edit(x->link, &change, told->text, mentions,
                                             x->site->settings->limits_edits_per_message, edited);
    free(tail);
    return error;
}

enum sc_error handle_message_edit(struct exchange *x) {
    const struct form_value *text = &x->form.values[TEXT];
    const char *room = handle_room_id(x);
    int64_t seq = handle_seq(x);
    if (!room || seq == 0) {
        return SC_NOT_FOUND;
    }
    const struct sc_change told = {.room = room,
                                   .from = user_person(&x->session.user),
                                   .target = (uint64_t)seq,
                                   .text = text->text,
                                   .text_bytes = text->bytes};
    char *mentions;
    struct answer edited = {NULL};
    enum sc_error error = mentions_find(x, text->text, text->bytes, &mentions);
    if (error == SC_OK) {
        error = edit(x, &told, mentions, &edited);
    }
    if (error == SC_OK) {
        error = indexer_note(x->link, room, seq, text->text, text->bytes);
    }
    if (error == SC_OK) {
        reply_message(x, &edited);
    }
    answer_deinit(&edited);
    free(mentions);
    return error;
}

enum sc_error handle_message_delete(struct exchange *x) {
    const char *room = handle_room_id(x);
    int64_t seq = handle_seq(x);
    if (!room || seq == 0) {
        return SC_NOT_FOUND;
    }
    const struct sc_change told = {
        .room = room, .from = user_person(&x->session.user), .target = (uint64_t)seq};
    char *tail = sc_change_tail(&told);
    const struct store_change change = {room, x->session.user.id, seq, tail};
    bool is_admin = strcmp(x->session.user.role, "admin") == 0;
    enum sc_error error = store_message_delete(x->link, &change, is_admin);
    if (error == SC_OK) {
        reply_nothing(&x->reply);
    }
    free(tail);
    return error;
}
