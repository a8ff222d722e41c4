/*
 * handle_admin_users: all accounts, for who administrates the site, and the end of somebody's
 * sessions.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "cursor.h"
#include "store_names.h"
#include "store_presence.h"
#include "store_sessions.h"
#include "store_users.h"

enum { Q, CURSOR, LIMIT_OF_PAGE };

const struct form_field admin_users_fields[] = {
    [Q] = {"q", FORM_TEXT, .shape = SC_TEXT_MAYBE, .most_setting = LIMIT(display_chars)},
    [CURSOR] = {"cursor", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1,
                .most = 4 * SC_NAME_MAX_BYTES},
    [LIMIT_OF_PAGE] = {"limit", FORM_NUMBER, .least = 1, .most_setting = LIMIT(page)},
    {.name = NULL},
};

/* What is told of one besides the account itself. */
struct signed_in {
    int64_t sessions, seen_at;
};

struct page {
    const struct answer *members; /* of the index */
    size_t count;
    struct user *users;
    struct signed_in *signed_in;
    bool *online;
    int64_t idle_ms;
};

static void page_init(struct page *page, const struct answer *members, int64_t idle_ms) {
    size_t count = answer_count(members);
    *page = (struct page){.members = members, .count = count, .idle_ms = idle_ms};
    page->users = sc_xcalloc(count + 1, sizeof *page->users);
    page->signed_in = sc_xcalloc(count + 1, sizeof *page->signed_in);
    page->online = sc_xcalloc(count + 1, sizeof *page->online);
    for (size_t i = 0; i < count; i++) {
        snprintf(page->users[i].id, sizeof page->users[i].id, "%s",
                 store_index_id(answer_text(members, i, NULL)));
    }
}

static void page_deinit(struct page *page) {
    for (size_t i = 0; i < page->count; i++) {
        user_deinit(&page->users[i]);
    }
    free(page->online);
    free(page->signed_in);
    free(page->users);
}

/* --- what Redis knows of them --- */

static void ask_sessions(void *context, size_t i, struct ask *out) {
    const struct page *page = context;
    store_session_list_ask(out, page->users[i].id, page->idle_ms);
}

static void take_sessions(void *context, size_t i, enum sc_error error,
                          const struct answer *answer) {
    struct signed_in *signed_in = &((struct page *)context)->signed_in[i];
    for (size_t at = 2; error == SC_OK && at < answer_count(answer); at += 2) {
        json_t *session = json_loads(answer_text(answer, at, NULL), 0, NULL);
        int64_t seen_at = json_integer_value(json_object_get(session, "seen_at"));
        signed_in->sessions++;
        signed_in->seen_at = seen_at > signed_in->seen_at ? seen_at : signed_in->seen_at;
        json_decref(session);
    }
}

static enum sc_error load_online(struct link *link, struct page *page) {
    const char **ids = sc_xcalloc(page->count + 1, sizeof *ids);
    for (size_t i = 0; i < page->count; i++) {
        ids[i] = page->users[i].id;
    }
    enum sc_error error = store_online_users(link, ids, page->count, page->online);
    free(ids);
    return error;
}

static enum sc_error load(struct link *link, struct page *page) {
    struct link_batch sessions = {page->count, ask_sessions, take_sessions, page};
    enum sc_error error = store_users(link, page->users, page->count);
    if (error == SC_OK) {
        error = link_run(link, &sessions);
    }
    return error == SC_OK ? load_online(link, page) : error;
}

/* --- the answer --- */

/* An account stands in the index by its name and by its display name: shown once, by the first of
 * them that begins with what is sought. */
static bool is_shown(const struct page *page, size_t i, const char *sought) {
    const struct user *user = &page->users[i];
    const char *member = answer_text(page->members, i, NULL);
    char folded[SC_NAME_MAX_BYTES + 1];
    if (!user->name) {
        return false;
    }
    sc_text_fold(user->name, strlen(user->name), folded, sizeof folded);
    size_t bytes = strlen(folded);
    bool is_by_name = strncmp(member, folded, bytes) == 0 && member[bytes] == '\x01';
    return is_by_name || strncmp(folded, sought, strlen(sought)) != 0;
}

static json_t *row_of(const struct page *page, size_t i) {
    const struct signed_in *signed_in = &page->signed_in[i];
    json_t *row = user_json(&page->users[i]);
    json_object_set_new(row, "disabled", json_boolean(page->users[i].disabled));
    json_object_set_new(row, "online", json_boolean(page->online[i]));
    json_object_set_new(row, "sessions", json_integer(signed_in->sessions));
    json_object_set_new(row, "seen_at",
                        signed_in->seen_at ? json_integer(signed_in->seen_at) : json_null());
    return row;
}

static void reply_page(struct exchange *x, const struct page *page, const char *sought,
                       size_t most) {
    json_t *rows = json_array(), *next = json_null();
    for (size_t i = 0; i < page->count; i++) {
        if (is_shown(page, i, sought)) {
            json_array_append_new(rows, row_of(page, i));
        }
    }
    if (page->count == most) {
        char *cursor = cursor_encode(answer_text(page->members, most - 1, NULL));
        next = json_string(cursor);
        free(cursor);
    }
    reply_json(&x->reply, 200, json_pack("{s:o,s:o}", "users", rows, "next", next));
}

static enum sc_error list(struct exchange *x, const char *after) {
    const struct form_value *q = &x->form.values[Q];
    int64_t most = handle_page_size(x, &x->form.values[LIMIT_OF_PAGE]);
    char sought[SC_NAME_MAX_BYTES + 1] = "";
    struct answer members;
    struct page page;
    if (q->given) {
        sc_text_fold(q->text, q->bytes, sought, sizeof sought);
    }
    enum sc_error error = store_index_page(x->link, STORE_USER_NAME, sought, after, most, &members);
    page_init(&page, &members, x->site->settings->accounts_session_idle_s * 1000);
    if (error == SC_OK) {
        error = load(x->link, &page);
    }
    if (error == SC_OK) {
        reply_page(x, &page, sought, (size_t)most);
    }
    page_deinit(&page);
    answer_deinit(&members);
    return error;
}

enum sc_error handle_admin_users_list(struct exchange *x) {
    const struct form_value *cursor = &x->form.values[CURSOR];
    char *after = cursor->given ? cursor_decode(cursor->text, cursor->bytes) : sc_xstrdup("");
    if (!after) {
        return form_refuse(&x->form, CURSOR, SC_TEXT_CHARACTERS);
    }
    enum sc_error error = list(x, after);
    free(after);
    return error;
}

enum sc_error handle_user_sessions_end(struct exchange *x) {
    struct user user;
    enum sc_error error = handle_user(x, 0, &user);
    if (error != SC_OK) {
        return error;
    }
    error = store_session_end(x->link, user.id, "", "");
    if (error == SC_OK || error == SC_NOT_FOUND) { /* there was none */
        handle_note(x, "sessions_ended", "account", user.id);
        reply_nothing(&x->reply);
        error = SC_OK;
    }
    user_deinit(&user);
    return error;
}
