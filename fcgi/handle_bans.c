/*
 * handle_bans: who may not be in a room, whoever brings them.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "departure.h"
#include "store_members.h"
#include "store_users.h"

enum { CURSOR, LIMIT_OF_PAGE };

/* The rows of HGETALL as they can be sorted: by user. */
struct ban {
    const char *user;
    const char *json; /* {by, at} */
};

static int by_user(const void *a, const void *b) {
    return strcmp(((const struct ban *)a)->user, ((const struct ban *)b)->user);
}

static size_t take_bans(const struct answer *all, const char *after, struct ban *bans) {
    size_t count = 0;
    for (size_t i = 0; i + 1 < answer_count(all); i += 2) {
        const char *user = answer_text(all, i, NULL);
        if (strcmp(user, after) > 0) {
            bans[count++] = (struct ban){user, answer_text(all, i + 1, NULL)};
        }
    }
    qsort(bans, count, sizeof *bans, by_user);
    return count;
}

/* Of an account that is no more the ban is of no use any more. */
static json_t *bans_json(const struct ban *bans, const struct user *users, size_t count) {
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row = users[i].name ? json_loads(bans[i].json, 0, NULL) : NULL;
        if (row) {
            json_object_set_new(row, "user", user_person_json(&users[i]));
            json_array_append_new(rows, row);
        }
    }
    return rows;
}

static enum sc_error reply_bans(struct exchange *x, const struct ban *bans, size_t count,
                                bool more) {
    struct user *users = sc_xcalloc(count + 1, sizeof *users);
    for (size_t i = 0; i < count; i++) {
        snprintf(users[i].id, sizeof users[i].id, "%s", bans[i].user);
    }
    enum sc_error error = store_users(x->link, users, count);
    if (error == SC_OK) {
        reply_json(&x->reply, 200,
                   json_pack("{s:o,s:s?}", "bans", bans_json(bans, users, count), "next",
                             more ? bans[count - 1].user : NULL));
    }
    for (size_t i = 0; i < count; i++) {
        user_deinit(&users[i]);
    }
    free(users);
    return error;
}

enum sc_error handle_bans_list(struct exchange *x) {
    const struct store_caller caller = handle_caller(x);
    const struct form_value *cursor = &x->form.values[CURSOR];
    size_t most = (size_t)handle_page_size(x, &x->form.values[LIMIT_OF_PAGE]);
    const char *room = handle_room_id(x);
    struct answer all;
    if (!room) {
        return SC_NOT_FOUND;
    }
    enum sc_error error = store_bans(x->link, room, &caller, &all);
    if (error == SC_OK) {
        struct ban *bans = sc_xcalloc(answer_count(&all) + 1, sizeof *bans);
        size_t count = take_bans(&all, cursor->given ? cursor->text : "", bans);
        error = reply_bans(x, bans, count < most ? count : most, count > most);
        free(bans);
    }
    answer_deinit(&all);
    return error;
}

enum sc_error handle_ban_set(struct exchange *x) {
    const char *room = handle_room_id(x);
    struct user user;
    enum sc_error error = room ? handle_user(x, 1, &user) : SC_NOT_FOUND;
    if (error != SC_OK) {
        return error;
    }
    const struct departure departure = {.room = room,
                                        .by = user_person(&x->session.user),
                                        .admin = handle_caller(x).admin,
                                        .user = user_person(&user),
                                        .op = "banned"};
    error = departure_make(x->link, &departure);
    if (error == SC_OK) {
        reply_nothing(&x->reply);
    }
    user_deinit(&user);
    return error;
}

enum sc_error handle_ban_lift(struct exchange *x) {
    const struct store_caller caller = handle_caller(x);
    const char *room = handle_room_id(x), *user = handle_user_id(x, 1);
    enum sc_error error =
        room && user ? store_ban_lift(x->link, room, &caller, user) : SC_NOT_FOUND;
    if (error == SC_OK) {
        reply_nothing(&x->reply);
    }
    return error;
}
