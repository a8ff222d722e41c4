/*
 * directory: a page of the index, then two questions a room in one batch.
 *
 * The cursor is the index's own member, so that a page goes on where the last ended whatever has
 * come or gone meanwhile.
 */
#include "directory.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "cursor.h"
#include "handle.h"
#include "rate.h"
#include "room_view.h"
#include "store_names.h"
#include "store_rooms.h"

enum { PUBLIC, Q, CURSOR, LIMIT_OF_PAGE };

const struct form_field rooms_list_fields[] = {
    [PUBLIC] = {"public", FORM_WORD, .choices = "0|1"},
    [Q] = {"q", FORM_TEXT, .shape = SC_TEXT_MAYBE, .most_setting = LIMIT(display_chars)},
    [CURSOR] = {"cursor", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1,
                .most = 2 * SC_NAME_MAX_BYTES},
    [LIMIT_OF_PAGE] = {"limit", FORM_NUMBER, .least = 1, .most_setting = LIMIT(page)},
    {.name = NULL},
};

struct page {
    struct store_caller caller;
    const struct answer *members; /* of the index */
    size_t count;
    json_t **rooms;
};

bool directory_is_asked(const struct form *form) {
    return form->values[PUBLIC].given && form->values[PUBLIC].text[0] == '1';
}

static const char *room_at(const struct page *page, size_t i) {
    return store_index_id(answer_text(page->members, i, NULL));
}

/* Two questions a room: even ones for the room itself, odd ones for the number of its members. */
static void ask_one(void *context, size_t i, struct ask *out) {
    const struct page *page = context;
    if (i % 2 == 0) {
        store_room_view_ask(out, room_at(page, i / 2), &page->caller);
    } else {
        store_room_members_ask(out, room_at(page, i / 2));
    }
}

static void take_one(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct page *page = context;
    json_t **room = &page->rooms[i / 2];
    if (i % 2 == 0) {
        *room = error == SC_OK ? room_view_listing(room_at(page, i / 2), answer, 0) : NULL;
    } else if (*room) {
        json_object_set_new(*room, "members", json_integer(answer_number(answer, 0)));
    }
}

static json_t *next_of(const struct page *page, int64_t limit) {
    if ((int64_t)page->count < limit) {
        return json_null();
    }
    char *cursor = cursor_encode(answer_text(page->members, page->count - 1, NULL));
    json_t *next = json_string(cursor);
    free(cursor);
    return next;
}

static json_t *rows_of(struct page *page) {
    json_t *rows = json_array();
    for (size_t i = 0; i < page->count; i++) {
        if (page->rooms[i]) {
            json_array_append_new(rows, page->rooms[i]);
        }
    }
    return rows;
}

static enum sc_error reply_page(struct exchange *x, const char *after, int64_t limit) {
    const struct form_value *q = &x->form.values[Q];
    char folded[SC_NAME_MAX_BYTES + 1] = "";
    struct answer members;
    if (q->given) {
        sc_text_fold(q->text, q->bytes, folded, sizeof folded);
    }
    enum sc_error error =
        store_index_page(x->link, STORE_ROOM_NAME, folded, after, limit, &members);
    struct page page = {handle_caller(x), &members, answer_count(&members), NULL};
    page.rooms = sc_xcalloc(page.count + 1, sizeof *page.rooms);
    struct link_batch batch = {2 * page.count, ask_one, take_one, &page};
    if (error == SC_OK) {
        error = link_run(x->link, &batch);
    }
    json_t *rows = rows_of(&page);
    if (error == SC_OK) {
        reply_json(&x->reply, 200,
                   json_pack("{s:O,s:o}", "rooms", rows, "next", next_of(&page, limit)));
    }
    json_decref(rows);
    free(page.rooms);
    answer_deinit(&members);
    return error;
}

enum sc_error directory_reply(struct exchange *x) {
    const struct form_value *cursor = &x->form.values[CURSOR];
    char *after = cursor->given ? cursor_decode(cursor->text, cursor->bytes) : sc_xstrdup("");
    if (!after) {
        return form_refuse(&x->form, CURSOR, SC_TEXT_CHARACTERS);
    }
    enum sc_error error = rate_use(x, RATE_FINDS);
    if (error == SC_OK) {
        error = reply_page(x, after, handle_page_size(x, &x->form.values[LIMIT_OF_PAGE]));
    }
    free(after);
    return error;
}
