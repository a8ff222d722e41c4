/*
 * store_members: who is in a room, who may not be, and who may not speak there.
 */
#include "store_members.h"

#include <stdio.h>
#include <string.h>

#include <stonechat/memory.h>

#include "store_push.h"

static void ask_members(struct ask *ask, enum sc_script_id script, const char *room) {
    ask_script(ask, script);
    ask_key(ask, sc_key(SC_KEY_ROOM, room));
    ask_key(ask, sc_key(SC_KEY_LOG, room));
    ask_key(ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(ask, sc_key(SC_KEY_READ, room));
    ask_key(ask, sc_key(SC_KEY_BANS, room));
}

static void ask_caller(struct ask *ask, const struct store_caller *caller) {
    ask_text(ask, caller->id);
    ask_text(ask, caller->admin ? "1" : "0");
}

enum sc_error store_room_join(struct link *link, const char *room,
                              const struct store_admission *admission,
                              struct store_membership *out) {
    enum { FRESH = 1, MEMBER, READ };
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, room);
    struct ask ask;
    struct answer answer;
    ask_members(&ask, SC_SCRIPT_ROOM_JOIN, room);
    ask_caller(&ask, &admission->by);
    ask_text(&ask, admission->user);
    ask_text(&ask, admission->role);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_text(&ask, admission->joined);
    ask_text(&ask, admission->changed);
    enum sc_error error = link_ask(link, &ask, &answer);
    out->fresh = answer_number(&answer, FRESH) == 1;
    out->member = sc_xstrdup(answer_text(&answer, MEMBER, NULL));
    out->read = (uint64_t)answer_number(&answer, READ);
    answer_deinit(&answer);
    return error;
}

enum sc_error store_room_leave(struct link *link, const char *room,
                               const struct store_departure *departure,
                               struct store_departed *out) {
    enum { SEQ = 1, HEIR = 1 };
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, room);
    struct ask ask;
    struct answer answer;
    ask_members(&ask, SC_SCRIPT_ROOM_LEAVE, room);
    ask_key(&ask, sc_key(SC_KEY_MENTIONS, room, departure->user));
    ask_key(&ask, sc_key(SC_KEY_HOOKS, room));
    ask_caller(&ask, &departure->by);
    ask_text(&ask, departure->user);
    ask_text(&ask, departure->op);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_text(&ask, departure->tail);
    ask_text(&ask, departure->forced ? "1" : "0");
    ask_text(&ask, departure->asks ? "1" : "0");
    enum sc_error error = link_ask(link, &ask, &answer);
    int64_t seq = error == SC_OK ? answer_number(&answer, SEQ) : 0;
    *out = (struct store_departed){.seq = seq > 0 ? (uint64_t)seq : 0, .alone = seq < 0};
    if (error == SC_LAST_OWNER) {
        snprintf(out->heir, sizeof out->heir, "%s", answer_text(&answer, HEIR, NULL));
    }
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

static void ask_note(struct ask *ask, const char *op, const char *user, const char *room,
                     uint64_t seq, const char *event) {
    ask_script(ask, SC_SCRIPT_MEMBERSHIP_NOTE);
    ask_key(ask, sc_key(SC_KEY_USER_ROOMS, user));
    ask_key(ask, sc_key(SC_KEY_USER, user));
    ask_key(ask, sc_key(SC_KEY_USER_PAST, user));
    ask_text(ask, op);
    ask_text(ask, room);
    ask_number(ask, (int64_t)seq);
    ask_channel(ask, sc_channel(SC_CHANNEL_USER_LIVE, user));
    ask_text(ask, event);
}

static enum sc_error note(struct link *link, const char *op, const char *user, const char *room,
                          uint64_t seq, const char *event) {
    struct ask ask;
    ask_note(&ask, op, user, room, seq, event);
    return link_tell(link, &ask);
}

void store_membership_drop_ask(struct ask *ask, const char *user, const char *room,
                               const char *event) {
    ask_note(ask, "drop", user, room, 0, event);
}

enum sc_error store_membership_add(struct link *link, const char *user, const char *room,
                                   uint64_t seq, const char *event) {
    struct ask ask;
    struct answer answer;
    ask_note(&ask, "add", user, room, seq, event);
    enum sc_error error = link_ask(link, &ask, &answer);
    bool is_woken = error == SC_OK && answer_number(&answer, 1) == 1;
    answer_deinit(&answer);
    enum sc_error told = is_woken ? store_push_join(link, room, user) : SC_OK;
    return told == SC_OK || told == SC_NOT_FOUND ? error : told;
}

enum sc_error store_membership_drop(struct link *link, const char *user, const char *room,
                                    uint64_t seq, const char *event) {
    return note(link, "drop", user, room, seq, event);
}

static bool moderates(const struct store_caller *caller, const char *role) {
    return caller->admin || strcmp(role, "owner") == 0 || strcmp(role, "moderator") == 0;
}

static enum sc_error may_see(struct link *link, const char *room, const struct store_caller *caller,
                             bool *moderates_out) {
    struct answer view;
    enum sc_error error = store_room_view(link, room, caller, &view);
    const char *role = answer_text(&view, VIEW_ROLE, NULL);
    if (error == SC_OK && role[0] == '\0' && !caller->admin) {
        error = SC_FORBIDDEN;
    }
    *moderates_out = error == SC_OK && moderates(caller, role);
    answer_deinit(&view);
    return error;
}

enum sc_error store_members(struct link *link, const char *room, const struct store_caller *caller,
                            bool *moderates_out, struct answer *out) {
    struct ask ask;
    *out = (struct answer){NULL};
    enum sc_error error = may_see(link, room, caller, moderates_out);
    if (error != SC_OK) {
        return error;
    }
    ask_command(&ask, "HKEYS");
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    return link_ask(link, &ask, out);
}

enum sc_error store_bans(struct link *link, const char *room, const struct store_caller *caller,
                         struct answer *out) {
    struct ask ask;
    bool may;
    *out = (struct answer){NULL};
    enum sc_error error = may_see(link, room, caller, &may);
    if (error == SC_OK && !may) {
        error = SC_FORBIDDEN;
    }
    if (error != SC_OK) {
        return error;
    }
    ask_command(&ask, "HGETALL");
    ask_key(&ask, sc_key(SC_KEY_BANS, room));
    return link_ask(link, &ask, out);
}

struct rows {
    const char *room;
    const char *const *users;
    struct store_member *members;
};

enum { ROLES, MARKS, MUTES, QUESTIONS };

/* So many questions a member, each of a hash of the room. */
static void ask_row(void *context, size_t i, struct ask *out) {
    static const enum sc_key_kind hashes[QUESTIONS] = {
        [ROLES] = SC_KEY_MEMBERS, [MARKS] = SC_KEY_READ, [MUTES] = SC_KEY_MUTES};
    const struct rows *rows = context;
    ask_command(out, "HGET");
    ask_key(out, sc_key(hashes[i % QUESTIONS], rows->room));
    ask_text(out, rows->users[i / QUESTIONS]);
}

static void take_row(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct rows *rows = context;
    struct store_member *member = &rows->members[i / QUESTIONS];
    bool found = error == SC_OK && answer_has(answer, 0);
    if (i % QUESTIONS == ROLES) {
        member->json = found ? sc_xstrdup(answer_text(answer, 0, NULL)) : NULL;
    } else if (i % QUESTIONS == MARKS) {
        member->read = found ? (uint64_t)answer_number(answer, 0) : 0;
    } else {
        member->muted_until = found ? answer_number(answer, 0) : -1;
    }
}

enum sc_error store_members_rows(struct link *link, const char *room, const char *const *users,
                                 size_t count, struct store_member *members_out) {
    struct rows rows = {room, users, members_out};
    struct link_batch batch = {QUESTIONS * count, ask_row, take_row, &rows};
    return link_run(link, &batch);
}

enum sc_error store_ban_lift(struct link *link, const char *room, const struct store_caller *caller,
                             const char *user) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_ROOM_UNBAN);
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(&ask, sc_key(SC_KEY_BANS, room));
    ask_caller(&ask, caller);
    ask_text(&ask, user);
    return link_tell(link, &ask);
}

static enum sc_error mute(struct link *link, const char *room, const struct store_caller *caller,
                          const char *user, const char *op, int64_t until) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_ROOM_MUTE);
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(&ask, sc_key(SC_KEY_MUTES, room));
    ask_caller(&ask, caller);
    ask_text(&ask, user);
    ask_text(&ask, op);
    ask_number(&ask, until);
    return link_tell(link, &ask);
}

enum sc_error store_mute(struct link *link, const char *room, const struct store_caller *caller,
                         const char *user, int64_t until) {
    return mute(link, room, caller, user, "add", until);
}

enum sc_error store_mute_lift(struct link *link, const char *room,
                              const struct store_caller *caller, const char *user) {
    return mute(link, room, caller, user, "lift", 0);
}
