/*
 * handle_members: who is in a room; joining and leaving it, bringing others in and putting them
 * out.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "departure.h"
#include "lobby.h"
#include "membership.h"
#include "store_members.h"
#include "store_presence.h"
#include "store_users.h"

enum { CURSOR, LIMIT_OF_PAGE };

const struct form_field members_list_fields[] = {
    [CURSOR] = {"cursor", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1, .most = SC_ID_MAX},
    [LIMIT_OF_PAGE] = {"limit", FORM_NUMBER, .least = 1, .most_setting = LIMIT(page)},
    {.name = NULL},
};

enum { ROLE };

const struct form_field member_join_fields[] = {
    [ROLE] = {"role", FORM_WORD, .choices = "owner|moderator|member"},
    {.name = NULL},
};

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A page of the members in the order of their ids, which nothing changes: who is in the room all
 * the while is listed exactly once, whoever comes and goes. */
struct page {
    const char **ids; /* of the page */
    size_t count;
    bool more;
    bool moderates; /* the caller does */
    struct store_member *members;
    bool *online;
    struct user *users;
};

static void page_init(struct page *page, const struct answer *all, const char *after, size_t most) {
    size_t total = answer_count(all), from = 0;
    *page = (struct page){.ids = sc_xcalloc(total + 1, sizeof *page->ids)};
    for (size_t i = 0; i < total; i++) {
        page->ids[i] = answer_text(all, i, NULL);
    }
    qsort(page->ids, total, sizeof *page->ids, by_text);
    while (from < total && strcmp(page->ids[from], after) <= 0) {
        from++;
    }
    memmove(page->ids, page->ids + from, (total - from) * sizeof *page->ids);
    page->more = total - from > most;
    page->count = page->more ? most : total - from;
    page->members = sc_xcalloc(page->count + 1, sizeof *page->members);
    page->online = sc_xcalloc(page->count + 1, sizeof *page->online);
    page->users = sc_xcalloc(page->count + 1, sizeof *page->users);
    for (size_t i = 0; i < page->count; i++) {
        snprintf(page->users[i].id, sizeof page->users[i].id, "%s", page->ids[i]);
    }
}

static void page_deinit(struct page *page) {
    for (size_t i = 0; i < page->count; i++) {
        free(page->members[i].json);
        user_deinit(&page->users[i]);
    }
    free(page->users);
    free(page->online);
    free(page->members);
    free(page->ids);
}

/* Who may take a voice sees whose is taken. */
static void add_mute(json_t *row, int64_t muted_until) {
    if (muted_until >= 0) {
        json_object_set_new(row, "muted_until",
                            muted_until > 0 ? json_integer(muted_until) : json_null());
    }
}

static json_t *page_json(const struct page *page) {
    json_t *rows = json_array();
    for (size_t i = 0; i < page->count; i++) {
        const struct store_member *member = &page->members[i];
        struct membership membership = {.read = member->read};
        if (page->users[i].name && member->json && membership_parse(&membership, member->json)) {
            json_t *row = membership_json(&membership, user_person_json(&page->users[i]));
            json_object_set_new(row, "online", json_boolean(page->online[i]));
            add_mute(row, page->moderates ? member->muted_until : -1);
            json_array_append_new(rows, row);
        }
    }
    return json_pack("{s:o,s:s?}", "members", rows, "next",
                     page->more ? page->ids[page->count - 1] : NULL);
}

enum sc_error handle_members_list(struct exchange *x) {
    const struct form_value *cursor = &x->form.values[CURSOR];
    int64_t most = handle_page_size(x, &x->form.values[LIMIT_OF_PAGE]);
    const char *room = handle_room_id(x);
    const struct store_caller caller = handle_caller(x);
    struct answer all;
    struct page page;
    bool moderates;
    if (!room) {
        return SC_NOT_FOUND;
    }
    enum sc_error error = store_members(x->link, room, &caller, &moderates, &all);
    page_init(&page, &all, cursor->given ? cursor->text : "", (size_t)most);
    page.moderates = moderates;
    if (error == SC_OK) {
        error = store_members_rows(x->link, room, page.ids, page.count, page.members);
    }
    if (error == SC_OK) {
        error = store_users(x->link, page.users, page.count);
    }
    if (error == SC_OK) {
        error = store_online_users(x->link, page.ids, page.count, page.online);
    }
    if (error == SC_OK) {
        reply_json(&x->reply, 200, page_json(&page));
    }
    page_deinit(&page);
    answer_deinit(&all);
    return error;
}

enum sc_error handle_member_join(struct exchange *x) {
    const struct form_value *role = &x->form.values[ROLE];
    const char *room = handle_room_id(x);
    struct membership membership;
    struct user user;
    enum sc_error error = room ? handle_user(x, 1, &user) : SC_NOT_FOUND;
    if (error != SC_OK) {
        return error;
    }
    bool may_be_promoted =
        !user_is_guest(&user) || !role->given || strcmp(role->text, "member") == 0;
    if (!may_be_promoted || !lobby_admits(x->site->settings, &user, room)) {
        user_deinit(&user);
        return SC_FORBIDDEN;
    }
    const struct membership_wish wish = {.room = room,
                                         .by = user_person(&x->session.user),
                                         .admin = handle_caller(x).admin,
                                         .user = user_person(&user),
                                         .role = role->given ? role->text : NULL};
    error = membership_admit(x->link, &wish, &membership);
    if (error == SC_OK) {
        reply_member(&x->reply, membership.fresh ? 201 : 200, "member",
                     membership_json(&membership, user_person_json(&user)));
    }
    user_deinit(&user);
    return error;
}

/* Everybody is in the default room, and comes back into it at each sign-in. */
static bool is_default(const struct exchange *x, const char *room) {
    return strcmp(room, x->site->settings->rooms_default) == 0;
}

enum sc_error handle_member_leave(struct exchange *x) {
    const char *room = handle_room_id(x);
    struct user user;
    enum sc_error error = room ? handle_user(x, 1, &user) : SC_NOT_FOUND;
    if (error != SC_OK) {
        return error;
    }
    bool is_own = strcmp(user.id, x->session.user.id) == 0;
    const struct departure departure = {.room = room,
                                        .by = user_person(&x->session.user),
                                        .admin = handle_caller(x).admin,
                                        .user = user_person(&user),
                                        .op = is_own ? "left" : "kicked"};
    error = is_default(x, room) ? SC_FORBIDDEN : departure_make(x->link, &departure);
    if (error == SC_OK) {
        reply_nothing(&x->reply);
    }
    user_deinit(&user);
    return error;
}
