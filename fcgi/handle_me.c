/*
 * handle_me: one's own account.
 */
#include "handle.h"

#include <string.h>

#include "account.h"
#include "credentials.h"
#include "host.h"
#include "jwt.h"
#include "password.h"
#include "store_erasures.h"
#include "store_sessions.h"
#include "store_users.h"

enum { DISPLAY, ABOUT, STATUS };

const struct form_field me_change_fields[] = {
    [DISPLAY] = {"display", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1,
                 .most_setting = LIMIT(display_chars)},
    [ABOUT] = {"about", FORM_TEXT, .shape = SC_TEXT_MAYBE, .most_setting = LIMIT(about_chars)},
    [STATUS] = {"status", FORM_TEXT, .shape = SC_TEXT_MAYBE, .most_setting = LIMIT(about_chars)},
    {.name = NULL},
};

enum { PASSWORD, MESSAGES, JWT };

/* One of password and jwt, whichever the account has. */

const struct form_field me_close_fields[] = {
    [PASSWORD] = {"password", FORM_TEXT, .shape = SC_TEXT_SECRET,
                  .most_setting = LIMIT(body_bytes)},
    [MESSAGES] = {"messages", FORM_WORD, .choices = "keep|erase"},
    [JWT] = {"jwt", FORM_TEXT, .shape = SC_TEXT_SECRET, .least = 1, .most = JWT_MAX},
    {.name = NULL},
};

enum { CURRENT, NEW };

const struct form_field me_password_fields[] = {
    [CURRENT] = {"current", FORM_TEXT, .required = true, .shape = SC_TEXT_SECRET,
                 .most_setting = LIMIT(body_bytes)},
    [NEW] = {"new", FORM_PASSWORD, .required = true},
    {.name = NULL},
};

static void fold_own_name(const struct exchange *x, char out[SC_NAME_MAX_BYTES + 1]) {
    const char *name = x->session.user.name;
    sc_text_fold(name, strlen(name), out, SC_NAME_MAX_BYTES + 1);
}

enum sc_error handle_me_read(struct exchange *x) {
    reply_member(&x->reply, 200, "user", user_json(&x->session.user));
    return SC_OK;
}

static enum sc_error change(struct exchange *x, size_t field) {
    const struct form_value *value = &x->form.values[field];
    const struct user *user = &x->session.user;
    if (!value->given) {
        return SC_OK;
    }
    if (field == DISPLAY) {
        return account_set_display(x->link, user, value->text);
    }
    return store_account_set(x->link, user->id, me_change_fields[field].name, value->text);
}

enum sc_error handle_me_change(struct exchange *x) {
    struct user user;
    enum sc_error error = SC_OK;
    for (size_t field = DISPLAY; field <= STATUS && error == SC_OK; field++) {
        error = change(x, field);
    }
    if (error == SC_OK) {
        error = store_user(x->link, x->session.user.id, &user);
    }
    if (error != SC_OK) {
        return error;
    }
    reply_member(&x->reply, 200, "user", user_json(&user));
    user_deinit(&user);
    return SC_OK;
}

static enum sc_error proven_by_password(struct exchange *x) {
    char folded[SC_NAME_MAX_BYTES + 1], hash[HASHER_HASH_MAX];
    enum sc_error error = hasher_enter(&x->site->hasher);
    if (error != SC_OK) {
        return error;
    }
    fold_own_name(x, folded);
    error = credentials_check(x, folded, x->session.user.id, &x->form.values[PASSWORD], hash);
    hasher_leave(&x->site->hasher);
    return error;
}

/* The site that they come from says once more that it is they. */
static enum sc_error proven_by_host(struct exchange *x) {
    struct user user;
    enum sc_error error = host_sign_in(x, &x->form.values[JWT], &user);
    if (error != SC_OK) {
        return error;
    }
    bool is_same = strcmp(user.id, x->session.user.id) == 0;
    user_deinit(&user);
    return is_same ? SC_OK : SC_BAD_CREDENTIALS;
}

static enum sc_error prove(struct exchange *x) {
    bool has_password = x->form.values[PASSWORD].given, has_jwt = x->form.values[JWT].given;
    if (has_password == has_jwt) {
        return form_refuse(&x->form, PASSWORD, has_jwt ? SC_TEXT_CHOICE : SC_TEXT_REQUIRED);
    }
    return has_jwt ? proven_by_host(x) : proven_by_password(x);
}

enum sc_error handle_me_close(struct exchange *x) {
    const struct form_value *messages = &x->form.values[MESSAGES];
    const struct user *user = &x->session.user;
    enum sc_error error = prove(x);
    if (error == SC_OK) {
        error =
            store_erasure_note(x->link, user->id, messages->given ? messages->text : "keep", false);
    }
    if (error == SC_OK) {
        error = account_close(x->link, user);
    }
    if (error != SC_OK) {
        return error;
    }
    handle_note(x, "account_closed", "name", x->session.user.name);
    session_set_cookie(x, "");
    reply_nothing(&x->reply);
    return SC_OK;
}

static enum sc_error change_password(struct exchange *x) {
    const struct form_value *new = &x->form.values[NEW];
    const char *user = x->session.user.id;
    char folded[SC_NAME_MAX_BYTES + 1], old[HASHER_HASH_MAX], fresh[HASHER_HASH_MAX];
    fold_own_name(x, folded);
    enum sc_error error = credentials_check(x, folded, user, &x->form.values[CURRENT], old);
    if (error == SC_OK && password_is_name(folded, new->text, new->bytes)) {
        error = form_refuse(&x->form, NEW, SC_TEXT_COMMON);
    }
    const struct account_password wish = {.user = user,
                                          .old_hash = old,
                                          .text = new->text,
                                          .bytes = new->bytes,
                                          .ends_sessions = true,
                                          .spared = x->session.token.session};
    if (error == SC_OK) {
        error = account_set_password(x->site, x->link, &wish, fresh);
    }
    return error == SC_CONFLICT ? SC_BAD_CREDENTIALS : error;
}

enum sc_error handle_me_password(struct exchange *x) {
    enum sc_error error = hasher_enter(&x->site->hasher);
    if (error != SC_OK) {
        return error;
    }
    error = change_password(x);
    hasher_leave(&x->site->hasher);
    if (error != SC_OK) {
        return error;
    }
    handle_note(x, "password_changed", NULL, NULL);
    reply_nothing(&x->reply);
    return SC_OK;
}
