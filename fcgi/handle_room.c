/*
 * handle_room: one room: what it is, changing that, and deleting it.
 */
#include "handle.h"

#include <string.h>

#include "room_end.h"
#include "room_name.h"
#include "room_view.h"
#include "store_presence.h"
#include "store_users.h"

enum { NAME, TITLE, TOPIC, KIND, KEEP_DAYS, KEEP_MESSAGES, FIELDS };
enum { NUMBER_CHARS = 24 };

const struct form_field room_change_fields[] = {
    [NAME] = {"name", FORM_NAME, .required = false},
    [TITLE] = {"title", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1,
               .most_setting = LIMIT(display_chars)},
    [TOPIC] = {"topic", FORM_TEXT, .shape = SC_TEXT_MAYBE, .most_setting = LIMIT(about_chars)},
    [KIND] = {"kind", FORM_WORD, .choices = "public|private"},
    [KEEP_DAYS] = {"keep_days", FORM_NUMBER, .least = 0, .most = SC_KEEP_DAYS_MAX},
    [KEEP_MESSAGES] = {"keep_messages", FORM_NUMBER, .least = 0, .most = SC_KEEP_MESSAGES_MAX},
    {.name = NULL},
};

/* The other side of a direct room; of an account that is no more nothing is left. */
static enum sc_error load_peer(struct link *link, const struct answer *view, struct user *out) {
    const char *id = answer_text(view, VIEW_PEER, NULL);
    *out = (struct user){.name = NULL};
    enum sc_error error = id[0] ? store_user(link, id, out) : SC_OK;
    return error == SC_NOT_FOUND ? SC_OK : error;
}

static void write_room(struct exchange *x, int status, const char *id, const struct answer *view,
                       int64_t online, const struct user *peer) {
    FILE *body = reply_begin(&x->reply, status);
    fputs("{\"room\":", body);
    room_view_open(body, id, x->session.user.id, view, online);
    room_view_close(body, answer_text(view, VIEW_PEER, NULL)[0] != '\0', peer);
    fputc('}', body);
}

enum sc_error handle_reply_room(struct exchange *x, int status, const char *id) {
    const struct store_caller caller = handle_caller(x);
    struct answer view;
    struct user peer = {.name = NULL};
    int64_t online = -1;
    enum sc_error error = store_room_view(x->link, id, &caller, &view);
    if (error == SC_OK) {
        error = store_online_count(x->link, id, &online);
    }
    if (error == SC_OK) {
        error = load_peer(x->link, &view, &peer);
    }
    if (error == SC_OK) {
        write_room(x, status, id, &view, online, &peer);
    }
    user_deinit(&peer);
    answer_deinit(&view);
    return error;
}

enum sc_error handle_room_read(struct exchange *x) {
    const char *id = handle_room_id(x);
    return id ? handle_reply_room(x, 200, id) : SC_NOT_FOUND;
}

static bool is_default(const struct exchange *x, const char *id) {
    return strcmp(id, x->site->settings->rooms_default) == 0;
}

static const struct {
    enum store_view view;
    bool owners; /* alone may change it */
} facts[FIELDS] = {
    [NAME] = {VIEW_NAME, false},          [TITLE] = {VIEW_TITLE, false},
    [TOPIC] = {VIEW_TOPIC, false},        [KIND] = {VIEW_KIND, true},
    [KEEP_DAYS] = {VIEW_KEEP_DAYS, true}, [KEEP_MESSAGES] = {VIEW_KEEP_MESSAGES, true},
};

static bool is_number(size_t field) {
    return room_change_fields[field].kind == FORM_NUMBER;
}

static bool is_new(const struct exchange *x, const struct answer *view, size_t field) {
    const struct form_value *value = &x->form.values[field];
    if (!value->given || is_number(field)) {
        return value->given && value->number != answer_number(view, facts[field].view);
    }
    return strcmp(value->text, answer_text(view, facts[field].view, NULL)) != 0;
}

static bool is_for_owners(const struct exchange *x, const struct answer *view) {
    for (size_t field = NAME; field < FIELDS; field++) {
        if (facts[field].owners && is_new(x, view, field)) {
            return true;
        }
    }
    return false;
}

/* Known before a name is claimed; the script has the last word. */
static enum sc_error may_change(const struct exchange *x, const char *id,
                                const struct answer *view) {
    const char *role = answer_text(view, VIEW_ROLE, NULL);
    bool owns = handle_caller(x).admin || strcmp(role, "owner") == 0;
    bool renamed = is_new(x, view, NAME), opened = is_new(x, view, KIND);
    if (strcmp(answer_text(view, VIEW_KIND, NULL), "direct") == 0 ||
        (!owns && strcmp(role, "moderator") != 0) || (!owns && is_for_owners(x, view)) ||
        (is_default(x, id) && (renamed || opened))) {
        return SC_FORBIDDEN;
    }
    return SC_OK;
}

static const char *value_text(const struct exchange *x, size_t field, char number[NUMBER_CHARS]) {
    const struct form_value *value = &x->form.values[field];
    if (!is_number(field)) {
        return value->text;
    }
    snprintf(number, NUMBER_CHARS, "%lld", (long long)value->number);
    return number;
}

static enum sc_error tell_change(struct exchange *x, const char *id, const struct answer *view) {
    const struct store_caller caller = handle_caller(x);
    const struct sc_person person = user_person(&x->session.user);
    const char *fields[2 * FIELDS];
    char numbers[FIELDS][NUMBER_CHARS];
    size_t count = 0;
    for (size_t field = NAME; field < FIELDS; field++) {
        if (is_new(x, view, field)) {
            fields[count++] = room_change_fields[field].name;
            fields[count++] = value_text(x, field, numbers[field]);
        }
    }
    if (count == 0) {
        return SC_OK;
    }
    char *tail = sc_room_tail(id, &person, fields, count);
    const struct store_room_change change = {tail, answer_text(view, VIEW_NAME, NULL),
                                             answer_text(view, VIEW_KIND, NULL), fields, count};
    enum sc_error error = store_room_change(x->link, id, &caller, &change);
    free(tail);
    return error;
}

static const char *wished(const struct exchange *x, const struct answer *view, size_t field) {
    const struct form_value *value = &x->form.values[field];
    return value->given ? value->text : answer_text(view, facts[field].view, NULL);
}

static enum sc_error change(struct exchange *x, const char *id, const struct answer *view) {
    struct room_name name;
    room_name_init(&name, id, answer_text(view, VIEW_NAME, NULL),
                   answer_text(view, VIEW_KIND, NULL));
    room_name_wish(&name, wished(x, view, NAME), wished(x, view, KIND));
    enum sc_error error = may_change(x, id, view);
    if (error == SC_OK) {
        error = room_name_claim(&name, x->link);
    }
    if (error == SC_OK) {
        error = tell_change(x, id, view);
    }
    return error == SC_OK ? room_name_settle(&name, x->link) : error;
}

enum sc_error handle_room_change(struct exchange *x) {
    const struct store_caller caller = handle_caller(x);
    const char *id = handle_room_id(x);
    struct answer view;
    if (!id) {
        return SC_NOT_FOUND;
    }
    enum sc_error error = store_room_view(x->link, id, &caller, &view);
    if (error == SC_OK) {
        error = change(x, id, &view);
    }
    answer_deinit(&view);
    return error == SC_OK ? handle_reply_room(x, 200, id) : error;
}

enum sc_error handle_room_delete(struct exchange *x) {
    const struct store_caller caller = handle_caller(x);
    const char *id = handle_room_id(x);
    if (!id) {
        return SC_NOT_FOUND;
    }
    enum sc_error error = is_default(x, id) ? SC_FORBIDDEN : room_end(x->link, id, &caller);
    if (error == SC_OK) {
        handle_note(x, "room_deleted", "room", id);
        reply_nothing(&x->reply);
    }
    return error;
}
