/*
 * account: the order of the steps.
 *
 * Used by the handlers of /users, /sessions and /me and by the command line alike. What can't be
 * made whole at once (Redis went away half-way) is left so that the next sign-in finishes it.
 */
#include "account.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>
#include <stonechat/text.h>
#include <stonechat/token.h>

#include "departure.h"
#include "lobby.h"
#include "membership.h"
#include "naming.h"
#include "store_erasures.h"
#include "store_names.h"
#include "store_rooms.h"
#include "store_users.h"

static void fold(const char *text, char out[SC_NAME_MAX_BYTES + 1]) {
    sc_text_fold(text, strlen(text), out, SC_NAME_MAX_BYTES + 1);
}

static void erase(struct link *link, const char *id) {
    struct answer rooms;
    store_account_close(link, id, &rooms);
    answer_deinit(&rooms);
}

/* A name whose reservation had run out may be another's by now: then there is no account. */
static enum sc_error keep_name(struct link *link, const char *folded, const char *id) {
    enum sc_error error = store_name_keep(link, STORE_USER_NAME, folded, id);
    if (error == SC_CONFLICT) {
        erase(link, id);
        error = SC_NAME_TAKEN;
    }
    return error;
}

/* Its place in the index is what tells the first from the second, so that goes before. Whoever
 * dies in between leaves a site that nobody administrates; the command line can. */
static enum sc_error begin_site(struct link *link, const struct account_wish *wish, const char *id,
                                bool *is_first_out) {
    enum sc_error error = wish->may_be_first
                              ? store_index_begin(link, STORE_USER_NAME, wish->folded, id)
                              : SC_CONFLICT;
    *is_first_out = error == SC_OK;
    return error == SC_CONFLICT ? SC_OK : error;
}

static enum sc_error write_row(struct link *link, const struct account_wish *wish, const char *id,
                               const char *hash) {
    bool is_first;
    uint64_t created_at;
    enum sc_error error = begin_site(link, wish, id, &is_first);
    const char *role = is_first ? "admin" : wish->role;
    const struct store_account account = {id,   wish->name,    wish->display, role,
                                          hash, .subject = "", .vouched = ""};
    if (error == SC_OK) {
        error = store_account_open(link, &account, &created_at);
    }
    if (error == SC_OK) {
        error = keep_name(link, wish->folded, id);
    }
    if (error != SC_OK && is_first) {
        store_index_remove(link, STORE_USER_NAME, wish->folded, id);
    }
    return error;
}

/* The account itself, under a name that is claimed already. */
static enum sc_error write_account(struct site *site, struct link *link,
                                   const struct account_wish *wish, const char *id,
                                   struct user *user_out) {
    char hash[HASHER_HASH_MAX];
    enum sc_error error = hasher_hash(&site->hasher, wish->password, wish->password_bytes, hash);
    if (error == SC_OK) {
        error = write_row(link, wish, id, hash);
    }
    return error == SC_OK ? store_user(link, id, user_out) : error;
}

enum sc_error account_open(struct site *site, struct link *link, const struct account_wish *wish,
                           struct user *user_out) {
    char id[SC_ID_MAX + 1];
    sc_id_new(id);
    enum sc_error error = hasher_enter(&site->hasher);
    if (error != SC_OK) {
        return error;
    }
    error = store_name_claim(link, STORE_USER_NAME, wish->folded, id);
    if (error == SC_OK) {
        error = write_account(site, link, wish, id, user_out);
        if (error != SC_OK) {
            store_name_release(link, STORE_USER_NAME, wish->folded, id);
        }
    }
    hasher_leave(&site->hasher);
    if (error == SC_OK && account_settle(site, link, user_out) != SC_OK) {
        sc_log(SC_LOG_WARNING, "account_unsettled", "user", id, NULL);
    }
    return error;
}

enum sc_error account_admit(struct site *site, struct link *link, const struct account_guise *guise,
                            struct user *user_out) {
    struct naming naming;
    uint64_t created_at;
    enum sc_error error = naming_claim(link, site->settings, guise->like, guise->id, &naming);
    const struct store_account account = {guise->id,  naming.name,    guise->display, guise->role,
                                          .hash = "", guise->subject, guise->display};
    if (error == SC_OK) {
        error = store_account_open(link, &account, &created_at);
    }
    if (error == SC_OK) {
        error = keep_name(link, naming.folded, guise->id);
    }
    if (error == SC_OK || error == SC_CONFLICT) { /* somebody was quicker, for the same one */
        error = store_user(link, guise->id, user_out);
    }
    return error;
}

static enum sc_error change_index(struct link *link, const char *text, const char *id,
                                  enum sc_error (*change)(struct link *, enum store_name,
                                                          const char *, const char *)) {
    char folded[SC_NAME_MAX_BYTES + 1];
    fold(text, folded);
    return change(link, STORE_USER_NAME, folded, id);
}

static bool counts_as_admin(const struct user *user) {
    return user_is_admin(user) && !user->disabled;
}

enum sc_error account_settle(struct site *site, struct link *link, const struct user *user) {
    char folded[SC_NAME_MAX_BYTES + 1];
    fold(user->name, folded);
    enum sc_error error = store_name_keep(link, STORE_USER_NAME, folded, user->id);
    if (error == SC_OK) {
        error = change_index(link, user->name, user->id, store_index_add);
    }
    if (error == SC_OK) {
        error = change_index(link, user->display, user->id, store_index_add);
    }
    if (error == SC_OK && counts_as_admin(user)) {
        error = store_admin_add(link, user->id);
    }
    if (error == SC_OK) {
        error = lobby_enter(link, site->settings, user);
    }
    return error;
}

static enum sc_error leave_one(struct link *link, const struct user *user, const char *room) {
    const struct departure departure = {.room = room,
                                        .by = user_nobody(user->id),
                                        .user = user_nobody(user->id),
                                        .op = "left",
                                        .forced = true};
    link_extend(link); /* each room has its own time: there may be a thousand */
    return departure_make(link, &departure);
}

static enum sc_error leave_all(struct link *link, const struct user *user) {
    struct answer rooms;
    enum sc_error error = store_user_rooms(link, user->id, &rooms);
    for (size_t i = 0; error == SC_OK && i + 1 < answer_count(&rooms); i += 2) {
        error = leave_one(link, user, answer_text(&rooms, i, NULL));
        if (error == SC_NOT_FOUND) {
            error = SC_OK;
        }
    }
    answer_deinit(&rooms);
    return error;
}

/* After this no room can be joined any more; those that were, since all were left, are left now. */
static enum sc_error close_for_good(struct link *link, const struct user *user) {
    struct answer rooms;
    enum sc_error error = store_account_close(link, user->id, &rooms);
    for (size_t i = 1; error == SC_OK && i < answer_count(&rooms); i++) {
        leave_one(link, user, answer_text(&rooms, i, NULL));
    }
    answer_deinit(&rooms);
    return error;
}

/* Whom a host site vouches for is somebody new there after this. */
static enum sc_error release_subject(struct link *link, const char *id) {
    char *subject;
    enum sc_error error = store_account_get(link, id, "subject", &subject);
    if (error == SC_OK && subject[0]) {
        error = store_name_release(link, STORE_SUBJECT, subject, id);
    }
    free(subject);
    return error;
}

/* There is always one who administrates. */
static enum sc_error step_down(struct link *link, const struct user *user, const char *actor) {
    return counts_as_admin(user) ? store_admin_drop(link, user->id, actor) : SC_OK;
}

enum sc_error account_close(struct link *link, const struct user *user) {
    char folded[SC_NAME_MAX_BYTES + 1];
    fold(user->name, folded);
    enum sc_error error = step_down(link, user, user->id);
    if (error == SC_OK) {
        error = store_erasure_note(link, user->id, "keep", true);
    }
    if (error == SC_OK) {
        error = leave_all(link, user);
    }
    if (error == SC_OK) {
        error = change_index(link, user->display, user->id, store_index_remove);
    }
    if (error == SC_OK) {
        error = change_index(link, user->name, user->id, store_index_remove);
    }
    if (error == SC_OK) {
        error = release_subject(link, user->id);
    }
    if (error == SC_OK) {
        error = store_name_release(link, STORE_USER_NAME, folded, user->id);
    }
    return error == SC_OK ? close_for_good(link, user) : error;
}

static const char *or_empty(const char *text) {
    return text ? text : "";
}

enum sc_error account_set_password(struct site *site, struct link *link,
                                   const struct account_password *password,
                                   char hash_out[HASHER_HASH_MAX]) {
    enum sc_error error = hasher_hash(&site->hasher, password->text, password->bytes, hash_out);
    const struct store_password stored = {.old_hash = or_empty(password->old_hash),
                                          .new_hash = hash_out,
                                          .ends_sessions = password->ends_sessions,
                                          .spared = or_empty(password->spared)};
    return error == SC_OK ? store_account_password(link, password->user, &stored) : error;
}

enum sc_error account_set_role(struct link *link, const struct user *user, const char *role,
                               const char *actor) {
    bool is_admin = strcmp(role, "admin") == 0;
    enum sc_error error = is_admin ? SC_OK : step_down(link, user, actor);
    if (error == SC_OK) {
        error = store_account_set(link, user->id, "role", role);
    }
    return error == SC_OK && is_admin && !user->disabled ? store_admin_add(link, user->id) : error;
}

enum sc_error account_set_disabled(struct link *link, const struct user *user, bool disabled,
                                   const char *actor) {
    enum sc_error error = disabled ? step_down(link, user, actor) : SC_OK;
    if (error != SC_OK) {
        return error;
    }
    if (disabled) {
        return store_account_disable(link, user->id);
    }
    error = store_account_set(link, user->id, "disabled", "0");
    return error == SC_OK && user_is_admin(user) ? store_admin_add(link, user->id) : error;
}

enum sc_error account_set_display(struct link *link, const struct user *user, const char *display) {
    char old[SC_NAME_MAX_BYTES + 1], name[SC_NAME_MAX_BYTES + 1];
    fold(user->display, old);
    fold(user->name, name);
    enum sc_error error = change_index(link, display, user->id, store_index_add);
    if (error == SC_OK) {
        error = store_account_set(link, user->id, "display", display);
    }
    char fresh[SC_NAME_MAX_BYTES + 1];
    fold(display, fresh);
    if (error == SC_OK && strcmp(old, name) != 0 && strcmp(old, fresh) != 0) {
        error = store_index_remove(link, STORE_USER_NAME, old, user->id);
    }
    return error;
}
