/*
 * handle_admin_rooms: all rooms, private ones too, for who administrates the site: what they are
 * and how large, nothing of what was said in them.
 */
#include "handle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "store_retention.h"

enum { CURSOR };

const struct form_field admin_rooms_fields[] = {
    [CURSOR] = {"cursor", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1,
                .most = STORE_CURSOR_CHARS - 1},
    {.name = NULL},
};

struct page {
    struct store_rooms_page found;
    json_t *rows;
};

static void ask_one(void *context, size_t i, struct ask *out) {
    char id[SC_ID_MAX + 1] = "";
    store_rooms_page_id(&((struct page *)context)->found, i, id);
    store_room_facts_ask(out, id);
}

/* A room may go while it is listed. */
static void take_one(void *context, size_t i, enum sc_error error, const struct answer *facts) {
    struct page *page = context;
    char id[SC_ID_MAX + 1];
    if (error != SC_OK || !store_rooms_page_id(&page->found, i, id)) {
        return;
    }
    const char *by = answer_text(facts, FACT_BY, NULL);
    json_array_append_new(page->rows,
                          json_pack("{s:s,s:s,s:s,s:s,s:s,s:s?,s:I,s:I,s:I,s:I,s:I}", "id", id,
                                    "name", answer_text(facts, FACT_NAME, NULL), "title",
                                    answer_text(facts, FACT_TITLE, NULL), "topic",
                                    answer_text(facts, FACT_TOPIC, NULL), "kind",
                                    answer_text(facts, FACT_KIND, NULL), "by", by[0] ? by : NULL,
                                    "created_at", (json_int_t)answer_number(facts, FACT_CREATED_AT),
                                    "n", (json_int_t)answer_number(facts, FACT_N), "members",
                                    (json_int_t)answer_number(facts, FACT_MEMBERS), "entries",
                                    (json_int_t)answer_number(facts, FACT_ENTRIES), "hooks",
                                    (json_int_t)answer_number(facts, FACT_HOOKS)));
}

/* A number that Redis has given: of 64 bits. */
static bool is_cursor(const char *text) {
    errno = 0;
    strtoull(text, NULL, 10);
    return text[strspn(text, "0123456789")] == '\0' && errno == 0;
}

enum sc_error handle_admin_rooms_list(struct exchange *x) {
    const struct form_value *cursor = &x->form.values[CURSOR];
    struct page page;
    if (cursor->given && !is_cursor(cursor->text)) {
        return form_refuse(&x->form, CURSOR, SC_TEXT_CHARACTERS);
    }
    enum sc_error error =
        store_rooms_page(x->link, cursor->given ? cursor->text : "0", &page.found);
    page.rows = json_array();
    struct link_batch batch = {page.found.count, ask_one, take_one, &page};
    if (error == SC_OK) {
        error = link_run(x->link, &batch);
    }
    if (error == SC_OK) {
        const char *next = strcmp(page.found.next, "0") != 0 ? page.found.next : NULL;
        reply_json(&x->reply, 200, json_pack("{s:O,s:s?}", "rooms", page.rows, "next", next));
    }
    json_decref(page.rows);
    store_rooms_page_deinit(&page.found);
    return error;
}
