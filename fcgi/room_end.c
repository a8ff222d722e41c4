/*
 * room_end: the order of deleting.
 *
 * It is noted that the room is to end, and which name it owns; then it ends, in one step, with its
 * log and all that it holds but for who was in; then its name and its place in the directory are
 * given back, and it is struck off its members' lists, whose connections are told by that; then the
 * note goes. Whoever finds a note of a room that is no more does what was left to do.
 */
#include "room_end.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/event.h>
#include <stonechat/memory.h>
#include <stonechat/text.h>

#include "store_members.h"
#include "store_names.h"

enum { AT_ONCE = 200 };

struct leavers {
    const char *room;
    const char *event;
    const struct answer *users; /* from row 1 on */
    enum sc_error error;
};

static void ask_drop(void *context, size_t i, struct ask *out) {
    const struct leavers *leavers = context;
    store_membership_drop_ask(out, answer_text(leavers->users, i + 1, NULL), leavers->room,
                              leavers->event);
}

static void take_drop(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct leavers *leavers = context;
    (void)i;
    (void)answer;
    if (leavers->error == SC_OK) {
        leavers->error = error;
    }
}

static enum sc_error strike_off(struct link *link, struct leavers *leavers) {
    struct link_batch batch = {answer_count(leavers->users) - 1, ask_drop, take_drop, leavers};
    enum sc_error error = link_run(link, &batch);
    return error == SC_OK ? leavers->error : error;
}

static char *list_of(const struct answer *users) {
    char *list = NULL;
    size_t bytes;
    FILE *text = open_memstream(&list, &bytes);
    for (size_t i = 1; i < answer_count(users); i++) {
        fprintf(text, " %s", answer_text(users, i, NULL));
    }
    fclose(text);
    return list;
}

static enum sc_error clear_members(struct link *link, const char *room) {
    char *event = sc_left_encode(room), *done = sc_xstrdup("");
    enum sc_error error = SC_OK;
    bool more = true;
    while (error == SC_OK && more) {
        struct answer users;
        link_extend(link); /* some of them have their own time: there may be many */
        error = store_room_clear(link, room, AT_ONCE, done, &users);
        more = error == SC_OK && answer_count(&users) > 1;
        struct leavers leavers = {room, event, &users, SC_OK};
        if (more) {
            error = strike_off(link, &leavers);
        }
        free(done);
        done = list_of(&users);
        answer_deinit(&users);
    }
    free(done);
    free(event);
    return error;
}

/* All that comes after the room itself; each step may be done again. */
static enum sc_error complete(struct link *link, const char *room, const char *folded) {
    enum sc_error error = clear_members(link, room);
    if (error == SC_OK && folded[0]) {
        error = store_index_remove(link, STORE_ROOM_NAME, folded, room);
    }
    if (error == SC_OK && folded[0]) {
        error = store_name_release(link, STORE_ROOM_NAME, folded, room);
    }
    return error == SC_OK ? store_ended_forget(link, room) : error;
}

/* The room as it has been seen. */
static enum sc_error end_seen(struct link *link, const char *room,
                              const struct store_caller *caller,
                              const struct store_room_delete *wish) {
    char folded[SC_NAME_MAX_BYTES + 1] = "";
    if (strcmp(wish->kind, "public") == 0) {
        sc_text_fold(wish->name, strlen(wish->name), folded, sizeof folded);
    }
    enum sc_error error = store_ended_note(link, room, folded);
    if (error == SC_OK) {
        error = store_room_delete(link, room, caller, wish);
        if (error == SC_FORBIDDEN || error == SC_CONFLICT) {
            store_ended_forget(link, room);
        }
    }
    return error == SC_OK ? complete(link, room, folded) : error;
}

static enum sc_error end(struct link *link, const char *room, const struct store_caller *caller,
                         bool alone) {
    struct answer view;
    enum sc_error error = store_room_view(link, room, caller, &view);
    const struct store_room_delete wish = {alone, answer_text(&view, VIEW_NAME, NULL),
                                           answer_text(&view, VIEW_KIND, NULL)};
    if (error == SC_OK) {
        error = end_seen(link, room, caller, &wish);
    }
    answer_deinit(&view);
    return error;
}

enum sc_error room_end(struct link *link, const char *room, const struct store_caller *caller) {
    return end(link, room, caller, false);
}

enum sc_error room_end_with_last(struct link *link, const char *room, const char *user) {
    const struct store_caller last = {.id = user, .admin = false};
    return end(link, room, &last, true);
}

enum sc_error room_end_settle(struct link *link) {
    struct answer ended;
    enum sc_error error = store_ended_rooms(link, &ended);
    for (size_t i = 0; error == SC_OK && i + 1 < answer_count(&ended); i += 2) {
        error = complete(link, answer_text(&ended, i, NULL), answer_text(&ended, i + 1, NULL));
        if (error == SC_CONFLICT) {
            error = SC_OK; /* it is there: whoever wants to end it hasn't begun, or may not */
        }
    }
    answer_deinit(&ended);
    return error;
}
