/*
 * store_rooms: rooms, who is in them, and each user's own list of rooms.
 */
#include "store_rooms.h"

#include <stonechat/memory.h>

/* The four keys that every script about a room takes first. */
static void ask_room(struct ask *ask, enum sc_script_id script, const char *room) {
    ask_script(ask, script);
    ask_key(ask, sc_key(SC_KEY_ROOM, room));
    ask_key(ask, sc_key(SC_KEY_LOG, room));
    ask_key(ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(ask, sc_key(SC_KEY_READ, room));
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

void store_room_view_ask(struct ask *ask, const char *room, const char *user) {
    ask_room(ask, SC_SCRIPT_ROOM_VIEW, room);
    ask_key(ask, sc_key(SC_KEY_FOLD, room));
    ask_key(ask, sc_key(SC_KEY_GONE, room));
    ask_key(ask, sc_key(SC_KEY_MENTIONS, room, user));
    ask_text(ask, user);
}

enum sc_error store_room_view(struct link *link, const char *room, const char *user,
                              struct answer *out) {
    struct ask ask;
    store_room_view_ask(&ask, room, user);
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

enum sc_error store_room_join(struct link *link, const char *room, const char *user,
                              const char *tail, struct store_membership *out) {
    enum { FRESH = 1, MEMBER, READ };
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, room);
    struct ask ask;
    struct answer answer;
    ask_room(&ask, SC_SCRIPT_ROOM_JOIN, room);
    ask_text(&ask, user);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_text(&ask, tail);
    enum sc_error error = link_ask(link, &ask, &answer);
    out->fresh = answer_number(&answer, FRESH) == 1;
    out->member = sc_xstrdup(answer_text(&answer, MEMBER, NULL));
    out->read = (uint64_t)answer_number(&answer, READ);
    answer_deinit(&answer);
    return error;
}

enum sc_error store_room_leave(struct link *link, const char *room, const char *user,
                               const char *tail, bool forced, uint64_t *seq_out) {
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, room);
    struct ask ask;
    struct answer answer;
    ask_room(&ask, SC_SCRIPT_ROOM_LEAVE, room);
    ask_key(&ask, sc_key(SC_KEY_MENTIONS, room, user));
    ask_text(&ask, user);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_text(&ask, tail);
    ask_text(&ask, forced ? "1" : "0");
    enum sc_error error = link_ask(link, &ask, &answer);
    *seq_out = (uint64_t)answer_number(&answer, 1);
    answer_deinit(&answer);
    return error;
}

enum sc_error store_member(struct link *link, const char *room, const char *user,
                           char **member_out) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "HGET");
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    ask_text(&ask, user);
    enum sc_error error = link_ask(link, &ask, &answer);
    bool found = error == SC_OK && answer_has(&answer, 0);
    *member_out = found ? sc_xstrdup(answer_text(&answer, 0, NULL)) : NULL;
    answer_deinit(&answer);
    return error;
}

static enum sc_error note(struct link *link, const char *op, const char *user, const char *room,
                          uint64_t seq, const char *event) {
    struct sc_key channel = sc_channel(SC_CHANNEL_USER_LIVE, user);
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_MEMBERSHIP_NOTE);
    ask_key(&ask, sc_key(SC_KEY_USER_ROOMS, user));
    ask_key(&ask, sc_key(SC_KEY_USER, user));
    ask_key(&ask, sc_key(SC_KEY_USER_PAST, user));
    ask_text(&ask, op);
    ask_text(&ask, room);
    ask_number(&ask, (int64_t)seq);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_text(&ask, event);
    return link_tell(link, &ask);
}

enum sc_error store_membership_add(struct link *link, const char *user, const char *room,
                                   uint64_t seq, const char *event) {
    return note(link, "add", user, room, seq, event);
}

enum sc_error store_membership_drop(struct link *link, const char *user, const char *room,
                                    uint64_t seq, const char *event) {
    return note(link, "drop", user, room, seq, event);
}

static enum sc_error may_see(struct link *link, const char *room, const char *user) {
    struct answer view;
    enum sc_error error = store_room_view(link, room, user, &view);
    if (error == SC_OK && answer_text(&view, VIEW_ROLE, NULL)[0] == '\0') {
        error = SC_FORBIDDEN;
    }
    answer_deinit(&view);
    return error;
}

enum sc_error store_members(struct link *link, const char *room, const char *user,
                            struct answer *out) {
    struct ask ask;
    *out = (struct answer){NULL};
    enum sc_error error = may_see(link, room, user);
    if (error != SC_OK) {
        return error;
    }
    ask_command(&ask, "HKEYS");
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    return link_ask(link, &ask, out);
}

struct rows {
    const char *room;
    const char *const *users;
    char **members;
    uint64_t *marks;
};

/* Two questions a member: even ones of the members hash, odd ones of the marks. */
static void ask_row(void *context, size_t i, struct ask *out) {
    const struct rows *rows = context;
    ask_command(out, "HGET");
    ask_key(out, sc_key(i % 2 == 0 ? SC_KEY_MEMBERS : SC_KEY_READ, rows->room));
    ask_text(out, rows->users[i / 2]);
}

static void take_row(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct rows *rows = context;
    if (error != SC_OK || !answer_has(answer, 0)) {
        return;
    }
    if (i % 2 == 0) {
        rows->members[i / 2] = sc_xstrdup(answer_text(answer, 0, NULL));
    } else {
        rows->marks[i / 2] = (uint64_t)answer_number(answer, 0);
    }
}

enum sc_error store_members_rows(struct link *link, const char *room, const char *const *users,
                                 size_t count, char **members_out, uint64_t *marks_out) {
    struct rows rows = {room, users, members_out, marks_out};
    struct link_batch batch = {2 * count, ask_row, take_row, &rows};
    return link_run(link, &batch);
}
