/*
 * handle_members: who is in a room; joining and leaving it.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "lobby.h"
#include "membership.h"
#include "store_presence.h"
#include "store_rooms.h"
#include "store_users.h"

enum { CURSOR, LIMIT_OF_PAGE };

const struct form_field members_list_fields[] = {
    [CURSOR] = {"cursor", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1, .most = SC_ID_MAX},
    [LIMIT_OF_PAGE] = {"limit", FORM_NUMBER, .least = 1, .most_setting = LIMIT(page)},
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
    char **members;
    uint64_t *marks;
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
    page->marks = sc_xcalloc(page->count + 1, sizeof *page->marks);
    page->online = sc_xcalloc(page->count + 1, sizeof *page->online);
    page->users = sc_xcalloc(page->count + 1, sizeof *page->users);
    for (size_t i = 0; i < page->count; i++) {
        snprintf(page->users[i].id, sizeof page->users[i].id, "%s", page->ids[i]);
    }
}

static void page_deinit(struct page *page) {
    for (size_t i = 0; i < page->count; i++) {
        free(page->members[i]);
        user_deinit(&page->users[i]);
    }
    free(page->users);
    free(page->online);
    free(page->marks);
    free(page->members);
    free(page->ids);
}

static json_t *page_json(const struct page *page) {
    json_t *rows = json_array();
    for (size_t i = 0; i < page->count; i++) {
        struct membership membership = {.read = page->marks[i]};
        if (page->users[i].name && page->members[i] &&
            membership_parse(&membership, page->members[i])) {
            json_t *row = membership_json(&membership, user_person_json(&page->users[i]));
            json_object_set_new(row, "online", json_boolean(page->online[i]));
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
    struct answer all;
    struct page page;
    if (!room) {
        return SC_NOT_FOUND;
    }
    enum sc_error error = store_members(x->link, room, x->session.user.id, &all);
    page_init(&page, &all, cursor->given ? cursor->text : "", (size_t)most);
    if (error == SC_OK) {
        error = store_members_rows(x->link, room, page.ids, page.count, page.members, page.marks);
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

/* {user} may be `me` or the caller's own id; nobody can be brought in or put out by another. */
static bool is_caller(const struct exchange *x) {
    const char *who = x->arguments[1];
    return strcmp(who, "me") == 0 || strcmp(who, x->session.user.id) == 0;
}

enum sc_error handle_member_join(struct exchange *x) {
    const char *room = handle_room_id(x);
    const struct sc_person person = user_person(&x->session.user);
    struct membership membership;
    if (!room) {
        return SC_NOT_FOUND;
    }
    if (!is_caller(x) || !lobby_admits(x->site->settings, &x->session.user, room)) {
        return SC_FORBIDDEN;
    }
    enum sc_error error = membership_join(x->link, room, &person, &membership);
    if (error == SC_OK) {
        reply_member(&x->reply, membership.fresh ? 201 : 200, "member",
                     membership_json(&membership, user_person_json(&x->session.user)));
    }
    return error;
}

enum sc_error handle_member_leave(struct exchange *x) {
    const char *room = handle_room_id(x);
    const struct sc_person person = user_person(&x->session.user);
    if (!room) {
        return SC_NOT_FOUND;
    }
    if (!is_caller(x) || strcmp(room, x->site->settings->rooms_default) == 0) {
        return SC_FORBIDDEN;
    }
    enum sc_error error = membership_leave(x->link, room, &person, false);
    if (error == SC_OK) {
        reply_nothing(&x->reply);
    }
    return error;
}
