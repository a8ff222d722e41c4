/*
 * handle_notifications: what a user wants to hear of, and when not.
 *
 * Kept here and not in the page, so that all of the user's devices agree, and those that sleep are
 * not woken for nothing.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include "push_wishes.h"
#include "store_push.h"

enum { LEVEL };

const struct form_field room_notify_fields[] = {
    [LEVEL] = {"level", FORM_WORD, .required = true, .choices = "all|mentions|nothing|usual"},
    {.name = NULL},
};

enum { FROM, TO, ZONE, UNTIL, SHOWS_TEXT };

const struct form_field notifications_set_fields[] = {
    [FROM] = {"from", FORM_TEXT, .shape = SC_TEXT_MAYBE, .most = 5},
    [TO] = {"to", FORM_TEXT, .shape = SC_TEXT_MAYBE, .most = 5},
    [ZONE] = {"zone", FORM_TEXT, .shape = SC_TEXT_MAYBE, .most = 60},
    [UNTIL] = {"until", FORM_NUMBER, .least = 0, .most = INT64_C(1) << 53},
    [SHOWS_TEXT] = {"text", FORM_FLAG, .required = false},
    {.name = NULL},
};

enum sc_error handle_room_notify(struct exchange *x) {
    const char *room = handle_room_id(x), *level = x->form.values[LEVEL].text;
    bool is_usual = strcmp(level, "usual") == 0;
    enum sc_error error =
        room ? store_room_notify(x->link, room, x->session.user.id, is_usual ? "" : level)
             : SC_NOT_FOUND;
    if (error == SC_OK) {
        reply_nothing(&x->reply);
    }
    return error;
}

static const char *text_of(const struct exchange *x, size_t field) {
    const struct form_value *value = &x->form.values[field];
    return value->given ? value->text : "";
}

/* Both ends or none, each a time of the day; and a zone that there is. */
static enum sc_error check(struct exchange *x) {
    const char *from = text_of(x, FROM), *to = text_of(x, TO), *zone = text_of(x, ZONE);
    enum sc_error error = SC_OK;
    if (from[0] ? quiet_minute(from) == QUIET_NEVER : to[0] != '\0') {
        error = form_refuse(&x->form, FROM, SC_TEXT_CHOICE);
    }
    if (to[0] ? quiet_minute(to) == QUIET_NEVER : from[0] != '\0') {
        error = form_refuse(&x->form, TO, SC_TEXT_CHOICE);
    }
    if (zone[0] && !quiet_zone_valid(zone)) {
        error = form_refuse(&x->form, ZONE, SC_TEXT_CHOICE);
    }
    return error;
}

static json_t *text_or_null(const char *text) {
    return text[0] ? json_string(text) : json_null();
}

/* What isn't given is as it usually is. */
static json_t *wished(const struct exchange *x) {
    const struct form_value *until = &x->form.values[UNTIL], *text = &x->form.values[SHOWS_TEXT];
    bool has_until = until->given && until->number > 0;
    return json_pack("{s:o,s:o,s:s,s:o,s:b}", "from", text_or_null(text_of(x, FROM)), "to",
                     text_or_null(text_of(x, TO)), "zone", text_of(x, ZONE), "until",
                     has_until ? json_integer(until->number) : json_null(), "text",
                     text->given ? (int)text->number : 1);
}

enum sc_error handle_notifications_read(struct exchange *x) {
    struct answer stored;
    struct push_wishes wishes;
    enum sc_error error = store_push_wishes(x->link, x->session.user.id, &stored);
    if (error == SC_OK) {
        push_wishes_init(&wishes, answer_has(&stored, 0) ? answer_text(&stored, 0, NULL) : "");
        reply_member(&x->reply, 200, "notifications", json_incref(wishes.root));
        push_wishes_deinit(&wishes);
    }
    answer_deinit(&stored);
    return error;
}

enum sc_error handle_notifications_set(struct exchange *x) {
    if (check(x) != SC_OK) {
        return SC_INVALID;
    }
    json_t *wishes = wished(x);
    char *text = json_dumps(wishes, JSON_COMPACT);
    enum sc_error error = store_push_wishes_set(x->link, x->session.user.id, text);
    if (error == SC_OK) {
        reply_member(&x->reply, 200, "notifications", json_incref(wishes));
    }
    free(text);
    json_decref(wishes);
    return error;
}
