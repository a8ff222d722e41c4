/*
 * handle_users: registering, and finding people.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "account.h"
#include "password.h"
#include "reserved_name.h"
#include "store_names.h"
#include "store_users.h"

enum { NAME, PASSWORD, DISPLAY };

const struct form_field users_create_fields[] = {
    [NAME] = {"name", FORM_NAME, .required = true},
    [PASSWORD] = {"password", FORM_PASSWORD, .required = true},
    [DISPLAY] = {"display", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1,
                 .most_setting = LIMIT(display_chars)},
    {.name = NULL},
};

enum { Q, LIMIT_OF_PAGE };

const struct form_field users_search_fields[] = {
    [Q] = {"q", FORM_TEXT, .shape = SC_TEXT_MAYBE, .most_setting = LIMIT(display_chars)},
    [LIMIT_OF_PAGE] = {"limit", FORM_NUMBER, .least = 1, .most_setting = LIMIT(page)},
    {.name = NULL},
};

enum { ROLE, DISABLED, NEW_DISPLAY };

const struct form_field user_change_fields[] = {
    [ROLE] = {"role", FORM_WORD, .choices = "admin|member"},
    [DISABLED] = {"disabled", FORM_FLAG, .required = false},
    [NEW_DISPLAY] = {"display", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1,
                     .most_setting = LIMIT(display_chars)},
    {.name = NULL},
};

static bool is_admin(const struct exchange *x) {
    return x->session.by != CREDENTIALS_NONE && user_is_admin(&x->session.user);
}

/* What only those who register themselves are held to. */
static enum sc_error may_register(struct exchange *x) {
    if (is_admin(x)) {
        return SC_OK;
    }
    if (strcmp(x->site->settings->accounts_registration, "open") != 0) {
        return SC_REGISTRATION_CLOSED;
    }
    return name_is_reserved(x->form.values[NAME].folded) ? SC_NAME_TAKEN : SC_OK;
}

enum sc_error handle_users_create(struct exchange *x) {
    const struct form_value *values = x->form.values;
    const struct form_value *display = &values[DISPLAY];
    const struct account_wish wish = {
        .name = values[NAME].text,
        .folded = values[NAME].folded,
        .display = display->given ? display->text : values[NAME].text,
        .role = "member",
        .password = values[PASSWORD].text,
        .password_bytes = values[PASSWORD].bytes,
        .may_be_first = x->site->settings->accounts_first_admin,
    };
    struct user user;
    enum sc_error error = may_register(x);
    if (error == SC_OK && password_is_name(wish.folded, wish.password, wish.password_bytes)) {
        error = form_refuse(&x->form, PASSWORD, SC_TEXT_COMMON);
    }
    if (error == SC_OK) {
        error = account_open(x->site, x->link, &wish, &user);
    }
    if (error != SC_OK) {
        return error;
    }
    handle_note(x, user_is_admin(&user) ? "first_registration" : "registration", "account",
                user.id);
    reply_member(&x->reply, 201, "user", user_json(&user));
    user_deinit(&user);
    return SC_OK;
}

/* Whether the id was met before: a name and a display name may both begin with what is sought. */
static bool add_id(struct user *users, size_t count, const char *id) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(users[i].id, id) == 0) {
            return false;
        }
    }
    memcpy(users[count].id, id, strlen(id) + 1);
    return true;
}

static size_t collect(const struct answer *members, struct user *users, size_t most) {
    size_t count = 0;
    for (size_t i = 0; i < answer_count(members) && count < most; i++) {
        const char *id = store_index_id(answer_text(members, i, NULL));
        if (id[0] && add_id(users, count, id)) {
            count++;
        }
    }
    return count;
}

static json_t *users_json(struct user *users, size_t count) {
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        if (users[i].name) {
            json_array_append_new(rows, user_json(&users[i]));
        }
        user_deinit(&users[i]);
    }
    return rows;
}

enum sc_error handle_users_search(struct exchange *x) {
    const struct form_value *q = &x->form.values[Q];
    int64_t most = handle_page_size(x, &x->form.values[LIMIT_OF_PAGE]);
    char folded[SC_NAME_MAX_BYTES + 1] = "";
    if (q->given) {
        sc_text_fold(q->text, q->bytes, folded, sizeof folded);
    }

    struct answer members;
    enum sc_error error =
        store_index_page(x->link, STORE_USER_NAME, folded, "", 2 * most, &members);
    struct user *users = sc_xcalloc((size_t)most, sizeof *users);
    size_t count = error == SC_OK ? collect(&members, users, (size_t)most) : 0;
    if (error == SC_OK) {
        error = store_users(x->link, users, count);
    }
    json_t *rows = users_json(users, count);
    if (error == SC_OK) {
        reply_member(&x->reply, 200, "users", json_incref(rows));
    }
    json_decref(rows);
    free(users);
    answer_deinit(&members);
    return error;
}

/* That an account is disabled is for administrators to know. */
static void reply_user(struct exchange *x, const struct user *user) {
    json_t *json = user_json(user);
    if (is_admin(x)) {
        json_object_set_new(json, "disabled", json_boolean(user->disabled));
    }
    reply_member(&x->reply, 200, "user", json);
}

enum sc_error handle_user_read(struct exchange *x) {
    const char *id = x->arguments[0];
    struct user user;
    if (!sc_id_valid(id, strlen(id))) {
        return SC_NOT_FOUND;
    }
    enum sc_error error = store_user(x->link, id, &user);
    if (error != SC_OK) {
        return error;
    }
    reply_user(x, &user);
    user_deinit(&user);
    return SC_OK;
}

static enum sc_error change(struct exchange *x, const struct user *user, size_t field) {
    const struct form_value *value = &x->form.values[field];
    const char *actor = x->session.user.id;
    if (!value->given) {
        return SC_OK;
    }
    if (field == ROLE) {
        return account_set_role(x->link, user, value->text, actor);
    }
    return field == DISABLED ? account_set_disabled(x->link, user, value->number == 1, actor)
                             : account_set_display(x->link, user, value->text);
}

/* Each field on the account as the one before has left it. */
static enum sc_error change_all(struct exchange *x, struct user *user) {
    enum sc_error error = SC_OK;
    for (size_t field = ROLE; field <= NEW_DISPLAY && error == SC_OK; field++) {
        error = change(x, user, field);
        if (error == SC_OK) {
            user_deinit(user);
            error = handle_user(x, 0, user);
        }
    }
    return error;
}

static void note_change(const struct exchange *x, const char *id) {
    if (x->form.values[ROLE].given) {
        handle_note(x, "role_changed", "account", id);
    }
    if (x->form.values[DISABLED].given) {
        bool disabled = x->form.values[DISABLED].number == 1;
        handle_note(x, disabled ? "user_disabled" : "user_enabled", "account", id);
    }
}

enum sc_error handle_user_change(struct exchange *x) {
    struct user user;
    enum sc_error error = handle_user(x, 0, &user);
    if (error != SC_OK) {
        return error;
    }
    error = change_all(x, &user);
    if (error == SC_OK) {
        note_change(x, user.id);
        reply_user(x, &user);
    }
    user_deinit(&user);
    return error;
}
