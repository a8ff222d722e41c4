/*
 * store_messages: sending, reading back, and what is published without being kept.
 */
#include "store_messages.h"

#include <string.h>

#include "store_files.h"

static const int64_t DAY_MS = 24LL * 60 * 60 * 1000;

enum sc_error store_message_send(struct link *link, const struct store_message *message,
                                 struct answer *out) {
    const char *room = message->room, *user = message->user;
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, room);
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_MESSAGE_SEND);
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_key(&ask, sc_key(SC_KEY_LOG, room));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(&ask, sc_key(SC_KEY_READ, room));
    ask_key(&ask, sc_key(SC_KEY_MESSAGE_KEY, room, user, message->key));
    ask_key(&ask, sc_key(SC_KEY_FOLD, room));
    ask_key(&ask, sc_key(SC_KEY_GONE, room));
    ask_key(&ask, sc_key(SC_KEY_MUTES, room));
    ask_key(&ask, sc_key(SC_KEY_FILES, room));
    ask_text(&ask, user);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_text(&ask, message->tail);
    ask_number(&ask, SC_KEY_REMEMBER_DAYS * DAY_MS);
    ask_number(&ask, message->reply_to);
    ask_text(&ask, message->mentions);
    ask_text(&ask, message->files);
    ask_number(&ask, message->most);
    return link_ask(link, &ask, out);
}

enum sc_error store_message_page(struct link *link, const struct store_page *page,
                                 struct answer *out) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_MESSAGE_PAGE);
    ask_key(&ask, sc_key(SC_KEY_ROOM, page->room));
    ask_key(&ask, sc_key(SC_KEY_LOG, page->room));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, page->room));
    ask_key(&ask, sc_key(SC_KEY_FOLD, page->room));
    ask_text(&ask, page->user);
    ask_text(&ask, page->direction);
    ask_number(&ask, page->seq);
    ask_number(&ask, page->limit);
    return link_ask(link, &ask, out);
}

enum sc_error store_message_view(struct link *link, const char *room, const char *user, int64_t seq,
                                 struct answer *out) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_MESSAGE_VIEW);
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_key(&ask, sc_key(SC_KEY_LOG, room));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(&ask, sc_key(SC_KEY_FOLD, room));
    ask_text(&ask, user);
    ask_number(&ask, seq);
    return link_ask(link, &ask, out);
}

/* The five keys, and the first arguments, of the scripts that lay something upon a message. */
static void ask_change(struct ask *ask, enum sc_script_id script,
                       const struct store_change *change) {
    ask_script(ask, script);
    ask_key(ask, sc_key(SC_KEY_ROOM, change->room));
    ask_key(ask, sc_key(SC_KEY_LOG, change->room));
    ask_key(ask, sc_key(SC_KEY_MEMBERS, change->room));
    ask_key(ask, sc_key(SC_KEY_FOLD, change->room));
    ask_key(ask, sc_key(SC_KEY_MUTES, change->room));
}

enum sc_error store_message_edit(struct link *link, const struct store_change *change,
                                 const char *text, const char *mentions, int64_t most,
                                 struct answer *out) {
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, change->room);
    struct ask ask;
    ask_change(&ask, SC_SCRIPT_MESSAGE_EDIT, change);
    ask_key(&ask, sc_key(SC_KEY_READ, change->room));
    ask_text(&ask, change->user);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_number(&ask, change->seq);
    ask_text(&ask, change->tail);
    ask_text(&ask, text);
    ask_number(&ask, most);
    ask_text(&ask, mentions);
    return link_ask(link, &ask, out);
}

enum sc_error store_message_delete(struct link *link, const struct store_change *change,
                                   bool is_admin) {
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, change->room);
    struct ask ask;
    struct answer answer;
    ask_script(&ask, SC_SCRIPT_MESSAGE_DELETE);
    ask_key(&ask, sc_key(SC_KEY_ROOM, change->room));
    ask_key(&ask, sc_key(SC_KEY_LOG, change->room));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, change->room));
    ask_key(&ask, sc_key(SC_KEY_READ, change->room));
    ask_key(&ask, sc_key(SC_KEY_FOLD, change->room));
    ask_key(&ask, sc_key(SC_KEY_GONE, change->room));
    ask_key(&ask, sc_key(SC_KEY_PINS, change->room));
    ask_key(&ask, sc_key(SC_KEY_FILES, change->room));
    ask_text(&ask, change->user);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_number(&ask, change->seq);
    ask_text(&ask, change->tail);
    ask_text(&ask, is_admin ? "1" : "0");
    enum sc_error error = link_ask(link, &ask, &answer);
    if (error == SC_OK) {
        store_files_released(link, &answer, 1);
    }
    answer_deinit(&answer);
    return error;
}

enum sc_error store_message_react(struct link *link, const struct store_change *change,
                                  const char *emoji, const char *op, int64_t most,
                                  int64_t most_all) {
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, change->room);
    struct ask ask;
    ask_change(&ask, SC_SCRIPT_MESSAGE_REACT, change);
    ask_text(&ask, change->user);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_number(&ask, change->seq);
    ask_text(&ask, change->tail);
    ask_text(&ask, emoji);
    ask_text(&ask, op);
    ask_number(&ask, most);
    ask_number(&ask, most_all);
    return link_tell(link, &ask);
}

enum sc_error store_message_pin(struct link *link, const struct store_change *change,
                                const char *op, int64_t most) {
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, change->room);
    struct ask ask;
    ask_change(&ask, SC_SCRIPT_MESSAGE_PIN, change);
    ask_key(&ask, sc_key(SC_KEY_PINS, change->room));
    ask_text(&ask, change->user);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_number(&ask, change->seq);
    ask_text(&ask, change->tail);
    ask_text(&ask, op);
    ask_number(&ask, most);
    return link_tell(link, &ask);
}

enum sc_error store_pins(struct link *link, const char *room, const char *user,
                         struct answer *out) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_PIN_LIST);
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_key(&ask, sc_key(SC_KEY_LOG, room));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(&ask, sc_key(SC_KEY_FOLD, room));
    ask_key(&ask, sc_key(SC_KEY_PINS, room));
    ask_text(&ask, user);
    return link_ask(link, &ask, out);
}

static enum sc_error read_some(struct link *link, const char *room, const char *user, int64_t seq,
                               const char *event, bool *again_out) {
    enum { AGAIN = 2 };
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, room);
    struct ask ask;
    struct answer answer;
    ask_script(&ask, SC_SCRIPT_ROOM_READ);
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_key(&ask, sc_key(SC_KEY_LOG, room));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(&ask, sc_key(SC_KEY_READ, room));
    ask_key(&ask, sc_key(SC_KEY_FOLD, room));
    ask_key(&ask, sc_key(SC_KEY_GONE, room));
    ask_key(&ask, sc_key(SC_KEY_MENTIONS, room, user));
    ask_text(&ask, user);
    ask_number(&ask, seq);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_text(&ask, event);
    enum sc_error error = link_ask(link, &ask, &answer);
    *again_out = error == SC_OK && answer_has(&answer, AGAIN);
    answer_deinit(&answer);
    return error;
}

enum sc_error store_room_read(struct link *link, const char *room, const char *user, int64_t seq,
                              const char *event) {
    bool again = true;
    enum sc_error error = SC_OK;
    while (again && error == SC_OK) {
        error = read_some(link, room, user, seq, event, &again);
    }
    return error;
}

enum sc_error store_publish(struct link *link, struct sc_key channel, const char *text,
                            size_t bytes) {
    struct ask ask;
    ask_command(&ask, "PUBLISH");
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_bytes(&ask, text, bytes);
    return link_tell(link, &ask);
}

enum sc_error store_ping(struct link *link) {
    struct ask ask;
    ask_command(&ask, "PING");
    return link_tell(link, &ask);
}
