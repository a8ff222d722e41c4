/*
 * handle_search: finding messages, in one room or in all of the caller's own.
 *
 * One room's place to go on is a `seq`, as in its history; that among rooms is a cursor.
 */
#include "handle.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>
#include <stonechat/token.h>

#include "cursor.h"
#include "hunt.h"
#include "store_rooms.h"

enum { Q, BEFORE, LIMIT_OF_PAGE, CURSOR = BEFORE };

enum { Q_CHARS_MAX = 100, CURSOR_CHARS_MAX = 128 };

const struct form_field room_search_fields[] = {
    [Q] = {"q", FORM_TEXT, .required = true, .shape = SC_TEXT_LINE, .least = 1,
           .most = Q_CHARS_MAX},
    [BEFORE] = {"before", FORM_NUMBER, .least = 1, .most = INT64_C(1) << 53},
    [LIMIT_OF_PAGE] = {"limit", FORM_NUMBER, .least = 1, .most_setting = LIMIT(page)},
    {.name = NULL},
};

const struct form_field search_fields[] = {
    [Q] = {"q", FORM_TEXT, .required = true, .shape = SC_TEXT_LINE, .least = 1,
           .most = Q_CHARS_MAX},
    [CURSOR] = {"cursor", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1, .most = CURSOR_CHARS_MAX},
    [LIMIT_OF_PAGE] = {"limit", FORM_NUMBER, .least = 1, .most_setting = LIMIT(page)},
    {.name = NULL},
};

static void write_finds(FILE *body, const struct hunt *hunt) {
    fputs("{\"messages\":[", body);
    for (size_t i = 0; i < hunt->shown; i++) {
        fputs(i ? "," : "", body);
        fwrite(hunt->finds[i].text, 1, hunt->finds[i].bytes, body);
    }
    fputs("],\"next\":", body);
}

static void note_behind(struct exchange *x, const struct hunt *hunt) {
    const char *room = hunt_behind(hunt);
    if (room) {
        memcpy(x->behind, room, strlen(room) + 1);
    }
}

/* --- one room --- */

static enum sc_error search_room(struct exchange *x, struct hunt *hunt, const char *room) {
    struct hunt_place from = {.seq = x->form.values[BEFORE].number};
    memcpy(from.room, room, strlen(room) + 1);
    hunt_add_room(hunt, room);
    enum sc_error error = hunt_run(hunt, x->form.values[BEFORE].given ? &from : NULL);
    return error == SC_OK ? hunt->rooms[0].error : error;
}

static void reply_room(struct exchange *x, const struct hunt *hunt) {
    FILE *body = reply_begin(&x->reply, 200);
    write_finds(body, hunt);
    if (hunt->more) {
        fprintf(body, "%" PRId64 "}", hunt->next.seq);
    } else {
        fputs("null}", body);
    }
}

/* Fills `hunt` and `needle`, which are due to be given back whatever is returned. */
static enum sc_error prepare(struct exchange *x, struct hunt *hunt, struct needle *needle) {
    const struct form_value *q = &x->form.values[Q];
    int64_t limit = handle_page_size(x, &x->form.values[LIMIT_OF_PAGE]);
    bool good = needle_init(needle, q->text, q->bytes);
    hunt_init(hunt, x->link, x->session.user.id, needle, (size_t)limit);
    return good ? SC_OK : form_refuse(&x->form, Q, SC_TEXT_BLANK);
}

enum sc_error handle_room_search(struct exchange *x) {
    struct needle needle;
    struct hunt hunt;
    const char *room = handle_room_id(x);
    if (!room) {
        return SC_NOT_FOUND;
    }
    enum sc_error error = prepare(x, &hunt, &needle);
    if (error == SC_OK) {
        error = search_room(x, &hunt, room);
    }
    if (error == SC_OK) {
        reply_room(x, &hunt);
        note_behind(x, &hunt);
    }
    hunt_deinit(&hunt);
    needle_deinit(&needle);
    return error;
}

/* --- all of one's own rooms --- */

/* `AT ROOM SEQ`; false when it isn't that. */
static bool read_place(const char *text, struct hunt_place *out) {
    char *rest;
    out->at = strtoll(text, &rest, 10);
    if (out->at <= 0 || *rest != ' ') {
        return false;
    }
    const char *room = rest + 1;
    size_t bytes = strcspn(room, " ");
    if (room[bytes] != ' ' || !sc_id_valid(room, bytes)) {
        return false;
    }
    memcpy(out->room, room, bytes);
    out->room[bytes] = '\0';
    out->seq = strtoll(room + bytes + 1, &rest, 10);
    return out->seq > 0 && *rest == '\0';
}

static bool place_of_cursor(const struct form_value *cursor, struct hunt_place *out) {
    char *text = cursor_decode(cursor->text, cursor->bytes);
    bool good = text != NULL && read_place(text, out);
    free(text);
    return good;
}

static enum sc_error search_rooms(struct exchange *x, struct hunt *hunt,
                                  const struct hunt_place *from) {
    struct answer rooms;
    enum sc_error error = store_user_rooms(x->link, x->session.user.id, &rooms);
    for (size_t i = 0; error == SC_OK && i + 1 < answer_count(&rooms); i += 2) {
        hunt_add_room(hunt, answer_text(&rooms, i, NULL));
    }
    answer_deinit(&rooms);
    return error == SC_OK ? hunt_run(hunt, from) : error;
}

static void reply_rooms(struct exchange *x, const struct hunt *hunt) {
    FILE *body = reply_begin(&x->reply, 200);
    write_finds(body, hunt);
    if (hunt->more) {
        char *place =
            sc_xasprintf("%" PRId64 " %s %" PRId64, hunt->next.at, hunt->next.room, hunt->next.seq);
        char *cursor = cursor_encode(place);
        fprintf(body, "\"%s\"}", cursor);
        free(cursor);
        free(place);
    } else {
        fputs("null}", body);
    }
}

enum sc_error handle_search(struct exchange *x) {
    const struct form_value *cursor = &x->form.values[CURSOR];
    struct needle needle;
    struct hunt hunt;
    struct hunt_place from;
    if (cursor->given && !place_of_cursor(cursor, &from)) {
        return form_refuse(&x->form, CURSOR, SC_TEXT_CHARACTERS);
    }
    enum sc_error error = prepare(x, &hunt, &needle);
    if (error == SC_OK) {
        error = search_rooms(x, &hunt, cursor->given ? &from : NULL);
    }
    if (error == SC_OK) {
        reply_rooms(x, &hunt);
        note_behind(x, &hunt);
    }
    hunt_deinit(&hunt);
    needle_deinit(&needle);
    return error;
}
