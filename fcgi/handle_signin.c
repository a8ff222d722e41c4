/*
 * handle_signin: opening a session, by one of several ways in.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>

#include "account.h"
#include "credentials.h"
#include "guest.h"
#include "host.h"
#include "store_names.h"
#include "store_users.h"

enum { NAME, PASSWORD, JWT, GUEST };

/* Which of them are required is for the way in to say. */
const struct form_field sessions_create_fields[] = {
    [NAME] = {"name", FORM_TEXT, .shape = SC_TEXT_SECRET, .most = SC_NAME_MAX_BYTES},
    [PASSWORD] = {"password", FORM_TEXT, .shape = SC_TEXT_SECRET,
                  .most_setting = LIMIT(body_bytes)},
    [JWT] = {"jwt", FORM_TEXT, .shape = SC_TEXT_SECRET, .least = 1, .most = JWT_MAX},
    [GUEST] = {"guest", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1,
               .most_setting = LIMIT(display_chars)},
    {.name = NULL},
};

static json_t *session_json(const struct sc_token *token, const struct exchange *x,
                            int64_t created_at, int64_t expires_at) {
    return json_pack("{s:s,s:b,s:I,s:I,s:I,s:s}", "id", token->session, "current", 1, "created_at",
                     (json_int_t)created_at, "seen_at", (json_int_t)created_at, "expires_at",
                     (json_int_t)expires_at, "ip", x->request.address);
}

static enum sc_error open_for(struct exchange *x, const struct user *user,
                              const char *password_hash) {
    char token[SC_TOKEN_MAX + 1];
    struct sc_token ids;
    int64_t created_at, expires_at;
    enum sc_error error =
        session_open(x, user->id, password_hash, &ids, token, &created_at, &expires_at);
    if (error != SC_OK) {
        return error;
    }
    sc_log(SC_LOG_INFO, "session_opened", "user", user->id, "address", x->request.address,
           "session", ids.session, NULL);
    session_set_cookie(x, token);
    reply_json(&x->reply, 201,
               json_pack("{s:s,s:o,s:o}", "token", token, "session",
                         session_json(&ids, x, created_at, expires_at), "user", user_json(user)));
    return SC_OK;
}

static enum sc_error settle_and_open(struct exchange *x, const struct user *user,
                                     const char *password_hash) {
    if (account_settle(x->site, x->link, user) != SC_OK) {
        sc_log(SC_LOG_WARNING, "account_unsettled", "user", user->id, NULL);
    }
    return open_for(x, user, password_hash);
}

static enum sc_error sign_in(struct exchange *x) {
    const struct form_value *name = &x->form.values[NAME];
    char folded[SC_NAME_MAX_BYTES + 1], id[SC_ID_MAX + 1], hash[HASHER_HASH_MAX];
    struct user user;
    sc_text_fold(name->text, name->bytes, folded, sizeof folded);
    enum sc_error error = store_name_find(x->link, STORE_USER_NAME, folded, id);
    if (error == SC_OK) {
        error = credentials_check(x, folded, id, &x->form.values[PASSWORD], hash);
    }
    if (error == SC_OK) {
        error = store_user(x->link, id, &user);
    }
    if (error != SC_OK) {
        return error == SC_NOT_FOUND ? SC_BAD_CREDENTIALS : error;
    }
    error = settle_and_open(x, &user, hash);
    user_deinit(&user);
    return error;
}

static enum sc_error by_password(struct exchange *x) {
    enum sc_error error = hasher_enter(&x->site->hasher);
    if (error != SC_OK) {
        return error;
    }
    error = sign_in(x);
    hasher_leave(&x->site->hasher);
    return error;
}

/* Whatever password the account has, it was not asked for. */
static enum sc_error open_without(struct exchange *x, struct user *user) {
    char *hash;
    enum sc_error error = store_account_get(x->link, user->id, "password", &hash);
    if (error == SC_OK) {
        error = settle_and_open(x, user, hash);
    }
    free(hash);
    user_deinit(user);
    return error;
}

static enum sc_error by_jwt(struct exchange *x) {
    struct user user;
    enum sc_error error = host_sign_in(x, &x->form.values[JWT], &user);
    return error == SC_OK ? open_without(x, &user) : error;
}

static enum sc_error as_guest(struct exchange *x) {
    struct user user;
    enum sc_error error = guest_open(x, &x->form.values[GUEST], &user);
    return error == SC_OK ? open_without(x, &user) : error;
}

/* Each way to sign in, and the fields that it takes, all of them. */
static const struct way {
    size_t first, last;
    enum sc_error (*sign_in)(struct exchange *x);
} ways[] = {
    {NAME, PASSWORD, by_password},
    {JWT, JWT, by_jwt},
    {GUEST, GUEST, as_guest},
};

enum { WAYS_COUNT = sizeof ways / sizeof *ways };

static bool is_meant(const struct exchange *x, const struct way *way) {
    bool given = false;
    for (size_t field = way->first; field <= way->last; field++) {
        given = given || x->form.values[field].given;
    }
    return given;
}

static enum sc_error refuse_other(struct exchange *x, const struct way *way) {
    enum sc_error error = SC_OK;
    for (const struct way *other = ways; other < ways + WAYS_COUNT; other++) {
        if (other != way && is_meant(x, other)) {
            error = form_refuse(&x->form, other->first, SC_TEXT_CHOICE);
        }
    }
    return error;
}

static enum sc_error require_all(struct exchange *x, const struct way *way) {
    enum sc_error error = SC_OK;
    for (size_t field = way->first; field <= way->last; field++) {
        if (!x->form.values[field].given) {
            error = form_refuse(&x->form, field, SC_TEXT_REQUIRED);
        }
    }
    return error;
}

enum sc_error handle_sessions_create(struct exchange *x) {
    const struct way *way = ways;
    while (way < ways + WAYS_COUNT - 1 && !is_meant(x, way)) {
        way++;
    }
    way = is_meant(x, way) ? way : ways; /* the usual one */
    enum sc_error error = refuse_other(x, way);
    if (error == SC_OK) {
        error = require_all(x, way);
    }
    return error == SC_OK ? way->sign_in(x) : error;
}
