/*
 * store_users: accounts.
 */
#include "store_users.h"

#include <string.h>

#include <stonechat/memory.h>

#include "session_cache.h"

enum sc_error store_account_open(struct link *link, const struct store_account *account,
                                 uint64_t *created_at_out) {
    struct ask ask;
    struct answer answer;
    ask_script(&ask, SC_SCRIPT_ACCOUNT_OPEN);
    ask_key(&ask, sc_key(SC_KEY_USER, account->id));
    ask_text(&ask, account->name);
    ask_text(&ask, account->display);
    ask_text(&ask, account->role);
    ask_text(&ask, account->hash);
    ask_text(&ask, account->subject);
    ask_text(&ask, account->vouched);
    enum sc_error error = link_ask(link, &ask, &answer);
    *created_at_out = (uint64_t)answer_number(&answer, 1);
    answer_deinit(&answer);
    return error;
}

enum sc_error store_account_set(struct link *link, const char *user, const char *field,
                                const char *value) {
    struct ask ask;
    struct sc_key channel = sc_channel(SC_CHANNEL_USER_ACCOUNT, user);
    ask_script(&ask, SC_SCRIPT_ACCOUNT_CHANGE);
    ask_key(&ask, sc_key(SC_KEY_USER, user));
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_text(&ask, field);
    ask_text(&ask, value);
    enum sc_error error = link_tell(link, &ask);
    session_cache_forget(link->terms.sessions, user);
    return error;
}

enum sc_error store_account_get(struct link *link, const char *user, const char *field,
                                char **value_out) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "HGET");
    ask_key(&ask, sc_key(SC_KEY_USER, user));
    ask_text(&ask, field);
    enum sc_error error = link_ask(link, &ask, &answer);
    *value_out = sc_xstrdup(answer_text(&answer, 0, NULL));
    answer_deinit(&answer);
    return error;
}

enum sc_error store_account_disable(struct link *link, const char *user) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_ACCOUNT_DISABLE);
    ask_key(&ask, sc_key(SC_KEY_USER, user));
    ask_key(&ask, sc_key(SC_KEY_SESSIONS, user));
    ask_channel(&ask, sc_channel(SC_CHANNEL_USER_LIVE, user));
    enum sc_error error = link_tell(link, &ask);
    session_cache_forget(link->terms.sessions, user);
    return error;
}

enum sc_error store_admin_add(struct link *link, const char *user) {
    struct ask ask;
    ask_command(&ask, "SADD");
    ask_key(&ask, sc_key(SC_KEY_ADMINS));
    ask_text(&ask, user);
    return link_tell(link, &ask);
}

enum sc_error store_admin_drop(struct link *link, const char *user, const char *actor) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_ADMIN_DROP);
    ask_key(&ask, sc_key(SC_KEY_ADMINS));
    ask_text(&ask, user);
    ask_text(&ask, actor);
    return link_tell(link, &ask);
}

enum sc_error store_account_password(struct link *link, const char *user,
                                     const struct store_password *password) {
    struct ask ask;
    struct sc_key channel = sc_channel(SC_CHANNEL_USER_LIVE, user);
    ask_script(&ask, SC_SCRIPT_ACCOUNT_PASSWORD);
    ask_key(&ask, sc_key(SC_KEY_USER, user));
    ask_key(&ask, sc_key(SC_KEY_SESSIONS, user));
    ask_text(&ask, password->old_hash);
    ask_text(&ask, password->new_hash);
    ask_number(&ask, password->ends_sessions);
    ask_text(&ask, password->spared);
    ask_bytes(&ask, channel.text, channel.bytes);
    enum sc_error error = link_tell(link, &ask);
    session_cache_forget(link->terms.sessions, user);
    return error;
}

enum sc_error store_account_close(struct link *link, const char *user, struct answer *rooms_out) {
    struct ask ask;
    struct sc_key channel = sc_channel(SC_CHANNEL_USER_LIVE, user);
    ask_script(&ask, SC_SCRIPT_ACCOUNT_CLOSE);
    ask_key(&ask, sc_key(SC_KEY_USER, user));
    ask_key(&ask, sc_key(SC_KEY_SESSIONS, user));
    ask_key(&ask, sc_key(SC_KEY_USER_ROOMS, user));
    ask_key(&ask, sc_key(SC_KEY_USER_PAST, user));
    ask_key(&ask, sc_key(SC_KEY_ERASURE, user));
    ask_key(&ask, sc_key(SC_KEY_PUSHES, user));
    ask_key(&ask, sc_key(SC_KEY_QUIET, user));
    ask_bytes(&ask, channel.text, channel.bytes);
    enum sc_error error = link_ask(link, &ask, rooms_out);
    session_cache_forget(link->terms.sessions, user);
    return error;
}

static void ask_user(struct ask *ask, const char *id) {
    static const char *const fields[] = {"name",  "display", "role",    "created_at",
                                         "about", "status",  "disabled"};
    ask_command(ask, "HMGET");
    ask_key(ask, sc_key(SC_KEY_USER, id));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        ask_text(ask, fields[i]);
    }
}

static void take_user(struct user *user, const char *id, const struct answer *answer) {
    enum { DISABLED = 6 };
    user_init(user, id, answer, 0);
    user->disabled = answer_text(answer, DISABLED, NULL)[0] == '1';
}

enum sc_error store_user(struct link *link, const char *id, struct user *out) {
    struct ask ask;
    struct answer answer;
    ask_user(&ask, id);
    enum sc_error error = link_ask(link, &ask, &answer);
    if (error == SC_OK && !answer_has(&answer, 0)) {
        error = SC_NOT_FOUND;
    }
    if (error == SC_OK) {
        take_user(out, id, &answer);
    }
    answer_deinit(&answer);
    return error;
}

static void ask_one(void *context, size_t i, struct ask *out) {
    const struct user *users = context;
    ask_user(out, users[i].id);
}

static void take_one(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct user *user = (struct user *)context + i;
    char id[SC_ID_MAX + 1];
    memcpy(id, user->id, sizeof id);
    if (error == SC_OK && answer_has(answer, 0)) {
        take_user(user, id, answer);
    }
}

enum sc_error store_users(struct link *link, struct user *users, size_t count) {
    struct link_batch batch = {count, ask_one, take_one, users};
    return link_run(link, &batch);
}

enum sc_error store_secret(struct link *link, const char *user, struct store_secret *out) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "HMGET");
    ask_key(&ask, sc_key(SC_KEY_USER, user));
    ask_text(&ask, "password");
    ask_text(&ask, "disabled");
    enum sc_error error = link_ask(link, &ask, &answer);
    out->hash = sc_xstrdup(answer_text(&answer, 0, NULL));
    out->disabled = answer_text(&answer, 1, NULL)[0] == '1';
    answer_deinit(&answer);
    return error;
}
