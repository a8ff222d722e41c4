/*
 * store_push: devices that want to be woken, what their users wish, and who is to be woken when.
 *
 * The site's key is in Redis, not in a file: all instances must have the same one, it is worth
 * nothing without the subscriptions that stand beside it, and so it is saved and restored with
 * them.
 */
#include "store_push.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <stonechat/memory.h>
#include <stonechat/writer.h>

#include "vapid.h"

enum { WAITING_A_USER = 500 };

/* --- of a user --- */

enum sc_error store_push_open(struct link *link, const char *user, const char *session,
                              const char *json, struct answer *out) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_PUSH_OPEN);
    ask_key(&ask, sc_key(SC_KEY_USER, user));
    ask_key(&ask, sc_key(SC_KEY_SESSIONS, user));
    ask_key(&ask, sc_key(SC_KEY_PUSHES, user));
    ask_key(&ask, sc_key(SC_KEY_USER_ROOMS, user));
    ask_text(&ask, session);
    ask_text(&ask, json);
    return link_ask(link, &ask, out);
}

enum sc_error store_push_close(struct link *link, const char *user, const char *session,
                               const char *endpoint) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_PUSH_CLOSE);
    ask_key(&ask, sc_key(SC_KEY_PUSHES, user));
    ask_text(&ask, session);
    ask_text(&ask, endpoint);
    return link_tell(link, &ask);
}

enum sc_error store_push_owner(struct link *link, const char *hash, struct store_push_owner *out) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "GET");
    ask_key(&ask, sc_key(SC_KEY_PUSH_OWNER, hash));
    enum sc_error error = link_ask(link, &ask, &answer);
    if (sscanf(answer_text(&answer, 0, NULL), "%32[a-z0-9] %32[a-z0-9]", out->user, out->session) !=
        2) {
        *out = (struct store_push_owner){.user = ""};
    }
    answer_deinit(&answer);
    return error;
}

enum sc_error store_push_own(struct link *link, const char *hash,
                             const struct store_push_owner *owner, int64_t ms) {
    struct ask ask;
    char *text = sc_xasprintf("%s %s", owner->user, owner->session);
    ask_command(&ask, "SET");
    ask_key(&ask, sc_key(SC_KEY_PUSH_OWNER, hash));
    ask_text(&ask, text);
    ask_text(&ask, "PX");
    ask_number(&ask, ms);
    enum sc_error error = link_tell(link, &ask);
    free(text);
    return error;
}

enum sc_error store_push_read(struct link *link, const char *user, const char *session,
                              struct answer *out) {
    struct ask ask;
    ask_command(&ask, "HGET");
    ask_key(&ask, sc_key(SC_KEY_PUSHES, user));
    ask_text(&ask, session);
    return link_ask(link, &ask, out);
}

enum sc_error store_push_find(struct link *link, const char *user, const char *session,
                              int64_t idle_ms, struct answer *out) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_PUSH_FIND);
    ask_key(&ask, sc_key(SC_KEY_USER, user));
    ask_key(&ask, sc_key(SC_KEY_SESSIONS, user));
    ask_key(&ask, sc_key(SC_KEY_PUSHES, user));
    ask_key(&ask, sc_key(SC_KEY_QUIET, user));
    ask_text(&ask, session);
    ask_number(&ask, idle_ms);
    return link_ask(link, &ask, out);
}

struct devices {
    const char *const *users;
    char **sessions;
};

static void ask_devices(void *context, size_t i, struct ask *out) {
    const struct devices *devices = context;
    ask_command(out, "HKEYS");
    ask_key(out, sc_key(SC_KEY_PUSHES, devices->users[i]));
}

static void take_devices(void *context, size_t i, enum sc_error error,
                         const struct answer *answer) {
    struct devices *devices = context;
    struct sc_writer list = {0};
    sc_writer_raw(&list, "");
    for (size_t row = 0; error == SC_OK && row < answer_count(answer); row++) {
        sc_writer_raw(&list, row > 0 ? " " : "");
        sc_writer_raw(&list, answer_text(answer, row, NULL));
    }
    devices->sessions[i] = sc_writer_take(&list);
}

enum sc_error store_push_devices(struct link *link, const char *const *users, size_t count,
                                 char **sessions_out) {
    struct devices devices = {users, sessions_out};
    struct link_batch batch = {count, ask_devices, take_devices, &devices};
    return link_run(link, &batch);
}

enum sc_error store_push_wishes_set(struct link *link, const char *user, const char *json) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_PUSH_WISHES);
    ask_key(&ask, sc_key(SC_KEY_USER, user));
    ask_key(&ask, sc_key(SC_KEY_QUIET, user));
    ask_text(&ask, json);
    return link_tell(link, &ask);
}

enum sc_error store_push_wishes(struct link *link, const char *user, struct answer *out) {
    struct ask ask;
    ask_command(&ask, "GET");
    ask_key(&ask, sc_key(SC_KEY_QUIET, user));
    return link_ask(link, &ask, out);
}

/* --- of a room --- */

enum sc_error store_room_notify(struct link *link, const char *room, const char *user,
                                const char *level) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_ROOM_NOTIFY);
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(&ask, sc_key(SC_KEY_NOTIFY, room));
    ask_text(&ask, user);
    ask_text(&ask, level);
    return link_tell(link, &ask);
}

static void ask_join(struct ask *ask, const char *room, const char *user) {
    ask_script(ask, SC_SCRIPT_PUSH_ROOM_JOIN);
    ask_key(ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(ask, sc_key(SC_KEY_PUSHERS, room));
    ask_text(ask, user);
}

enum sc_error store_push_join(struct link *link, const char *room, const char *user) {
    struct ask ask;
    ask_join(&ask, room, user);
    return link_tell(link, &ask);
}

struct joining {
    const char *user;
    const struct answer *rooms;
    enum sc_error error;
};

static void ask_join_one(void *context, size_t i, struct ask *out) {
    const struct joining *joining = context;
    ask_join(out, answer_text(joining->rooms, i, NULL), joining->user);
}

/* Of a room that was left meanwhile nobody needs to know. */
static void take_join(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct joining *joining = context;
    (void)i;
    (void)answer;
    if (error != SC_OK && error != SC_NOT_FOUND) {
        joining->error = error;
    }
}

enum sc_error store_push_join_all(struct link *link, const char *user, const struct answer *rooms) {
    struct joining joining = {user, rooms, SC_OK};
    struct link_batch batch = {answer_count(rooms), ask_join_one, take_join, &joining};
    enum sc_error error = link_run(link, &batch);
    return error == SC_OK ? joining.error : error;
}

enum sc_error store_push_is_behind(struct link *link, const char *room, bool *behind_out) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "HEXISTS");
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_text(&ask, "push");
    enum sc_error error = link_ask(link, &ask, &answer);
    *behind_out = error == SC_OK && answer_number(&answer, 0) == 1;
    answer_deinit(&answer);
    return error;
}

static void ask_reading(struct ask *ask, enum sc_script_id script, const char *room) {
    ask_script(ask, script);
    ask_key(ask, sc_key(SC_KEY_ROOM, room));
    ask_key(ask, sc_key(SC_KEY_LOG, room));
    ask_key(ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(ask, sc_key(SC_KEY_READ, room));
    ask_key(ask, sc_key(SC_KEY_FOLD, room));
    ask_key(ask, sc_key(SC_KEY_GONE, room));
    ask_key(ask, sc_key(SC_KEY_NOTIFY, room));
}

enum sc_error store_push_room(struct link *link, const struct store_push_look *look,
                              struct answer *out) {
    struct ask ask;
    ask_reading(&ask, SC_SCRIPT_PUSH_ROOM, look->room);
    ask_key(&ask, sc_key(SC_KEY_PUSHERS, look->room));
    ask_text(&ask, look->cursor);
    ask_number(&ask, look->most);
    ask_text(&ask, look->usual);
    return link_ask(link, &ask, out);
}

enum sc_error store_push_room_done(struct link *link, const char *room, int64_t head,
                                   const char *users, bool *more_out) {
    struct ask ask;
    struct answer answer;
    ask_script(&ask, SC_SCRIPT_PUSH_ROOM_DONE);
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_key(&ask, sc_key(SC_KEY_PUSHERS, room));
    ask_number(&ask, head);
    ask_text(&ask, users);
    enum sc_error error = link_ask(link, &ask, &answer);
    *more_out = error == SC_OK && answer_number(&answer, 1) == 1;
    answer_deinit(&answer);
    return error;
}

enum sc_error store_push_message(struct link *link, const char *room, const char *user, int64_t seq,
                                 const char *usual, struct answer *out) {
    struct ask ask;
    ask_reading(&ask, SC_SCRIPT_PUSH_MESSAGE, room);
    ask_text(&ask, user);
    ask_number(&ask, seq);
    ask_text(&ask, usual);
    return link_ask(link, &ask, out);
}

/* --- what is due --- */

static enum sc_key_kind due_key(enum store_push_due due) {
    return due == PUSH_DUE_ROOM ? SC_KEY_PUSH_ROOMS : SC_KEY_PUSH_DEVICES;
}

static enum sc_error note(struct link *link, enum store_push_due due, int64_t after_ms,
                          int64_t most, const char *names, int64_t *dropped_out) {
    struct ask ask;
    struct answer answer;
    ask_script(&ask, SC_SCRIPT_PUSH_NOTE);
    ask_key(&ask, sc_key(due_key(due)));
    ask_key(&ask, sc_key(SC_KEY_PUSH_FACTS));
    ask_number(&ask, after_ms);
    ask_number(&ask, most);
    ask_number(&ask, WAITING_A_USER);
    ask_text(&ask, names);
    enum sc_error error = link_ask(link, &ask, &answer);
    *dropped_out = error == SC_OK ? answer_number(&answer, 1) : 0;
    answer_deinit(&answer);
    return error;
}

enum sc_error store_push_note_room(struct link *link, const struct sc_settings *settings,
                                   const char *room) {
    int64_t dropped;
    return settings->notify_push ? note(link, PUSH_DUE_ROOM, settings->notify_delay_ms,
                                        settings->notify_queue, room, &dropped)
                                 : SC_OK;
}

enum sc_error store_push_note_devices(struct link *link, const struct sc_settings *settings,
                                      const char *names, int64_t *dropped_out) {
    return note(link, PUSH_DUE_DEVICE, 0, settings->notify_queue, names, dropped_out);
}

enum sc_error store_push_take(struct link *link, const struct store_push_turn *turn,
                              struct answer *out) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_PUSH_TAKE);
    ask_key(&ask, sc_key(SC_KEY_PUSH_ROOMS));
    ask_key(&ask, sc_key(SC_KEY_PUSH_DEVICES));
    ask_key(&ask, sc_key(SC_KEY_PUSH_FACTS));
    ask_number(&ask, turn->lease_ms);
    ask_number(&ask, turn->rooms_most);
    ask_number(&ask, turn->devices_most);
    ask_text(&ask, turn->busy);
    ask_number(&ask, turn->share);
    return link_ask(link, &ask, out);
}

enum sc_error store_push_settle(struct link *link, enum store_push_due due, const char *name,
                                int64_t lease, int64_t after_ms) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_PUSH_SETTLE);
    ask_key(&ask, sc_key(due_key(due)));
    ask_key(&ask, sc_key(SC_KEY_PUSH_FACTS));
    ask_text(&ask, name);
    ask_number(&ask, lease);
    ask_number(&ask, after_ms);
    return link_tell(link, &ask);
}

/* --- the site's key --- */

static enum sc_error read_key(struct link *link, char **private_out) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "GET");
    ask_key(&ask, sc_key(SC_KEY_PUSH_KEY));
    enum sc_error error = link_ask(link, &ask, &answer);
    bool found = error == SC_OK && answer_has(&answer, 0);
    *private_out = found ? sc_xstrdup(answer_text(&answer, 0, NULL)) : NULL;
    answer_deinit(&answer);
    return error;
}

static enum sc_error make_key(struct link *link) {
    char fresh[VAPID_PRIVATE_CHARS];
    struct ask ask;
    if (!vapid_key_new(fresh)) {
        return SC_INTERNAL;
    }
    ask_command(&ask, "SET");
    ask_key(&ask, sc_key(SC_KEY_PUSH_KEY));
    ask_text(&ask, fresh);
    ask_text(&ask, "NX");
    ask.durable = true;
    enum sc_error error = link_tell(link, &ask);
    OPENSSL_cleanse(fresh, sizeof fresh);
    return error;
}

/* Of two who make one the first has made it; so it is read again. */
enum sc_error store_push_key(struct link *link, char **private_out) {
    enum sc_error error = read_key(link, private_out);
    if (error == SC_OK && !*private_out) {
        error = make_key(link);
        error = error == SC_OK ? read_key(link, private_out) : error;
    }
    return error == SC_OK && !*private_out ? SC_INTERNAL : error;
}
