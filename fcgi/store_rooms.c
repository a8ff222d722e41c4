/*
 * store_rooms: rooms themselves, and each user's own list of them; for who is in see store_members.
 */
#include "store_rooms.h"

#include <stdio.h>
#include <string.h>

#include <stonechat/memory.h>
#include <stonechat/token.h>

/* The four keys that every script about a room takes first. */
static void ask_room(struct ask *ask, enum sc_script_id script, const char *room) {
    ask_script(ask, script);
    ask_key(ask, sc_key(SC_KEY_ROOM, room));
    ask_key(ask, sc_key(SC_KEY_LOG, room));
    ask_key(ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(ask, sc_key(SC_KEY_READ, room));
}

static void ask_caller(struct ask *ask, const struct store_caller *caller) {
    ask_text(ask, caller->id);
    ask_text(ask, caller->admin ? "1" : "0");
}

enum sc_error store_room_open(struct link *link, const struct store_room *room, uint64_t *seq_out) {
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, room->id);
    struct ask ask;
    struct answer answer;
    ask_room(&ask, SC_SCRIPT_ROOM_OPEN, room->id);
    ask_text(&ask, room->owner);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_text(&ask, room->tail);
    ask_text(&ask, room->name);
    ask_text(&ask, room->title);
    ask_text(&ask, room->topic);
    ask_text(&ask, room->kind);
    enum sc_error error = link_ask(link, &ask, &answer);
    *seq_out = (uint64_t)answer_number(&answer, 1);
    answer_deinit(&answer);
    return error;
}

void store_room_view_ask(struct ask *ask, const char *room, const struct store_caller *caller) {
    ask_room(ask, SC_SCRIPT_ROOM_VIEW, room);
    ask_key(ask, sc_key(SC_KEY_FOLD, room));
    ask_key(ask, sc_key(SC_KEY_GONE, room));
    ask_key(ask, sc_key(SC_KEY_MENTIONS, room, caller->id));
    ask_key(ask, sc_key(SC_KEY_MUTES, room));
    ask_key(ask, sc_key(SC_KEY_NOTIFY, room));
    ask_caller(ask, caller);
    ask_text(ask, caller->usual ? caller->usual : "");
}

enum sc_error store_room_view(struct link *link, const char *room,
                              const struct store_caller *caller, struct answer *out) {
    struct ask ask;
    store_room_view_ask(&ask, room, caller);
    return link_ask(link, &ask, out);
}

enum sc_error store_room_direct(struct link *link, const char *room,
                                const struct store_entrant *entrants, size_t count,
                                bool *fresh_out) {
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, room);
    struct ask ask;
    struct answer answer;
    ask_room(&ask, SC_SCRIPT_ROOM_DIRECT, room);
    ask_bytes(&ask, channel.text, channel.bytes);
    for (size_t i = 0; i < count; i++) {
        ask_text(&ask, entrants[i].user);
        ask_text(&ask, entrants[i].tail);
    }
    enum sc_error error = link_ask(link, &ask, &answer);
    *fresh_out = answer_number(&answer, 1) == 1;
    answer_deinit(&answer);
    return error;
}

enum sc_error store_room_change(struct link *link, const char *room,
                                const struct store_caller *caller,
                                const struct store_room_change *change) {
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, room);
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_ROOM_CHANGE);
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_key(&ask, sc_key(SC_KEY_LOG, room));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    ask_caller(&ask, caller);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_text(&ask, change->tail);
    ask_text(&ask, change->name);
    ask_text(&ask, change->kind);
    for (size_t i = 0; i < change->count; i++) {
        ask_text(&ask, change->fields[i]);
    }
    return link_tell(link, &ask);
}

enum sc_error store_room_delete(struct link *link, const char *room,
                                const struct store_caller *caller,
                                const struct store_room_delete *wish) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_ROOM_DELETE);
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(&ask, sc_key(SC_KEY_LEAVERS, room));
    ask_caller(&ask, caller);
    ask_text(&ask, wish->alone ? "1" : "0");
    ask_text(&ask, wish->name);
    ask_text(&ask, wish->kind);
    return link_tell(link, &ask);
}

enum sc_error store_room_clear(struct link *link, const char *room, int64_t most, const char *done,
                               struct answer *out) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_ROOM_CLEAR);
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_key(&ask, sc_key(SC_KEY_LEAVERS, room));
    ask_number(&ask, most);
    ask_text(&ask, done);
    return link_ask(link, &ask, out);
}

enum sc_error store_ended_note(struct link *link, const char *room, const char *folded) {
    struct ask ask;
    ask_command(&ask, "HSET");
    ask_key(&ask, sc_key(SC_KEY_ENDED_ROOMS));
    ask_text(&ask, room);
    ask_text(&ask, folded);
    return link_tell(link, &ask);
}

enum sc_error store_ended_forget(struct link *link, const char *room) {
    struct ask ask;
    ask_command(&ask, "HDEL");
    ask_key(&ask, sc_key(SC_KEY_ENDED_ROOMS));
    ask_text(&ask, room);
    return link_tell(link, &ask);
}

enum sc_error store_ended_rooms(struct link *link, struct answer *out) {
    struct ask ask;
    ask_command(&ask, "HGETALL");
    ask_key(&ask, sc_key(SC_KEY_ENDED_ROOMS));
    return link_ask(link, &ask, out);
}

void store_room_members_ask(struct ask *ask, const char *room) {
    ask_command(ask, "HLEN");
    ask_key(ask, sc_key(SC_KEY_MEMBERS, room));
}

enum sc_error store_user_rooms(struct link *link, const char *user, struct answer *out) {
    struct ask ask;
    ask_command(&ask, "HGETALL");
    ask_key(&ask, sc_key(SC_KEY_USER_ROOMS, user));
    return link_ask(link, &ask, out);
}

enum sc_error store_user_rooms_count(struct link *link, const char *user, int64_t *count_out) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "HLEN");
    ask_key(&ask, sc_key(SC_KEY_USER_ROOMS, user));
    enum sc_error error = link_ask(link, &ask, &answer);
    *count_out = answer_number(&answer, 0);
    answer_deinit(&answer);
    return error;
}

enum sc_error store_room_facts(struct link *link, const char *room, struct answer *out) {
    struct ask ask;
    store_room_facts_ask(&ask, room);
    return link_ask(link, &ask, out);
}

void store_room_facts_ask(struct ask *ask, const char *room) {
    ask_script(ask, SC_SCRIPT_ROOM_FACTS);
    ask_key(ask, sc_key(SC_KEY_ROOM, room));
    ask_key(ask, sc_key(SC_KEY_LOG, room));
    ask_key(ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(ask, sc_key(SC_KEY_HOOKS, room));
}

enum sc_error store_room_walk_on(struct link *link, struct store_room_walk *walk) {
    enum { STEP = 1000 };
    struct ask ask;
    ask_command(&ask, "SCAN");
    ask_text(&ask, walk->cursor);
    ask_text(&ask, "MATCH");
    ask_key(&ask, sc_key(SC_KEY_ROOM, "*"));
    ask_text(&ask, "COUNT");
    ask_number(&ask, STEP);
    enum sc_error error = link_ask(link, &ask, &walk->rows);
    if (error == SC_OK) {
        snprintf(walk->cursor, sizeof walk->cursor, "%s", answer_text(&walk->rows, 0, NULL));
    }
    return error;
}

/* Of `{r:ID}:room`; "" where somebody else's key only looks like one. */
bool store_room_walk_id(const struct store_room_walk *walk, size_t i, char id_out[SC_ID_MAX + 1]) {
    static const char before[] = "{r:";
    const struct answer keys = answer_part(&walk->rows, 1);
    if (i >= answer_count(&keys)) {
        return false;
    }
    const char *id = answer_text(&keys, i, NULL) + sizeof before - 1;
    size_t bytes = strcspn(id, "}");
    snprintf(id_out, SC_ID_MAX + 1, "%.*s", sc_id_valid(id, bytes) ? (int)bytes : 0, id);
    return true;
}
