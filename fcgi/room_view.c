/*
 * room_view: from the rows of a script's answer to JSON.
 *
 * Used by the handlers of /rooms. The newest message goes through as the text that it is.
 */
#include "room_view.h"

#include <stdlib.h>

#include <stonechat/event.h>

#include "message_view.h"
#include "reply.h"
#include "store_rooms.h"

static json_int_t number(const struct answer *view, enum store_view row) {
    return (json_int_t)answer_number(view, row);
}

static json_t *common_fields(const char *id, const struct answer *view) {
    const char *role = answer_text(view, VIEW_ROLE, NULL);
    return json_pack(
        "{s:s,s:s,s:s,s:s,s:s,s:s?,s:I,s:I}", "id", id, "name", answer_text(view, VIEW_NAME, NULL),
        "title", answer_text(view, VIEW_TITLE, NULL), "topic", answer_text(view, VIEW_TOPIC, NULL),
        "kind", answer_text(view, VIEW_KIND, NULL), "role", role[0] ? role : NULL, "seq",
        number(view, VIEW_SEQ), "n", number(view, VIEW_N));
}

static void set_limit(json_t *room, const char *name, json_int_t limit) {
    if (limit > 0) {
        json_object_set_new(room, name, json_integer(limit));
    }
}

static json_t *own_fields(const struct answer *view) {
    json_int_t muted = number(view, VIEW_MUTED);
    json_t *own = json_pack("{s:I,s:I,s:I,s:I}", "read", number(view, VIEW_READ), "unread",
                            number(view, VIEW_UNREAD), "mentions", number(view, VIEW_MENTIONS),
                            "created_at", number(view, VIEW_CREATED_AT));
    json_object_set_new(own, "notify", json_string(answer_text(view, VIEW_NOTIFY, NULL)));
    set_limit(own, "keep_days", number(view, VIEW_KEEP_DAYS));
    set_limit(own, "keep_messages", number(view, VIEW_KEEP_MESSAGES));
    if (muted >= 0) {
        json_object_set_new(own, "muted_until", muted > 0 ? json_integer(muted) : json_null());
    }
    return own;
}

void room_view_open(FILE *body, const char *id, const char *user, const struct answer *view,
                    int64_t online) {
    json_t *room = common_fields(id, view);
    json_t *own = own_fields(view);
    json_object_update(room, own);
    if (online >= 0) {
        json_object_set_new(room, "online", json_integer(online));
    }
    reply_open_object(body, room);
    fputs(",\"last\":", body);
    if (!message_view_write(body, view, VIEW_LAST, user)) {
        fputs("null", body);
    }
    json_decref(own);
    json_decref(room);
}

void room_view_close(FILE *body, bool direct, const struct user *peer) {
    if (direct && peer && peer->name) {
        struct sc_person person = user_person(peer);
        char *text = sc_person_encode(&person);
        fprintf(body, ",\"peer\":%s", text);
        free(text);
    } else if (direct) {
        fputs(",\"peer\":null", body);
    }
    fputc('}', body);
}

json_t *room_view_listing(const char *id, const struct answer *view, int64_t members) {
    json_t *room = common_fields(id, view);
    json_object_set_new(room, "members", json_integer(members));
    return room;
}

int64_t room_view_activity(const struct answer *view) {
    struct sc_event_head head;
    size_t bytes;
    const char *last = answer_text(view, VIEW_LAST, &bytes);
    if (sc_event_peek(last, bytes, &head)) {
        return (int64_t)head.at;
    }
    return answer_number(view, VIEW_CREATED_AT);
}
