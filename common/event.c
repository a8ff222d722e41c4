/*
 * event: the codec of everything that goes to people (include/stonechat/event.h).
 *
 * stonechat-fcgi encodes tails of log entries; stonechat-pushd peeks at heads, looks into the few
 * events that it acts upon, and encodes the frames that are its own. Nobody decodes a message.
 */
#include <stonechat/event.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/json.h>
#include <stonechat/memory.h>
#include <stonechat/token.h>
#include <stonechat/writer.h>

struct row {
    const char *word;
    bool logged;
};

static const struct row rows[] = {
#define X(name, word, logged) {word, logged},
    SC_EVENTS(X)
#undef X
};

bool sc_event_is_logged(enum sc_event_type type) {
    return type < SC_EVENT_UNKNOWN && rows[type].logged;
}

/* A place in a text that is read from the left. */
struct scan {
    const char *at, *end;
};

static bool scan_word(struct scan *scan, const char *word) {
    size_t bytes = strlen(word);
    if ((size_t)(scan->end - scan->at) < bytes || memcmp(scan->at, word, bytes) != 0) {
        return false;
    }
    scan->at += bytes;
    return true;
}

static bool scan_number(struct scan *scan, uint64_t *number_out) {
    const char *start = scan->at;
    uint64_t number = 0;
    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9' && scan->at - start < 18) {
        number = number * 10 + (uint64_t)(*scan->at++ - '0');
    }
    *number_out = number;
    return scan->at > start;
}

static enum sc_event_type scan_type(struct scan *scan) {
    const char *quote = memchr(scan->at, '"', (size_t)(scan->end - scan->at));
    if (quote == NULL) {
        return SC_EVENT_UNKNOWN;
    }
    size_t bytes = (size_t)(quote - scan->at);
    enum sc_event_type type = 0;
    while (type < SC_EVENT_UNKNOWN &&
           (strlen(rows[type].word) != bytes || memcmp(rows[type].word, scan->at, bytes) != 0)) {
        type++;
    }
    scan->at = quote + 1;
    return type;
}

bool sc_event_peek(const char *json, size_t bytes, struct sc_event_head *head_out) {
    struct scan scan = {json, json + bytes};
    *head_out = (struct sc_event_head){.type = SC_EVENT_UNKNOWN};
    if (!scan_word(&scan, "{\"type\":\"")) {
        return false;
    }
    head_out->type = scan_type(&scan);
    if (head_out->type != SC_EVENT_UNKNOWN && !sc_event_is_logged(head_out->type)) {
        return true;
    }
    return scan_word(&scan, ",\"seq\":") && scan_number(&scan, &head_out->seq) &&
           scan_word(&scan, ",\"n\":") && scan_number(&scan, &head_out->n) &&
           scan_word(&scan, ",\"at\":") && scan_number(&scan, &head_out->at) &&
           scan_word(&scan, ",");
}

/* An id that may be absent; false when it is there and isn't one. */
static bool take_id(const json_t *object, const char *member, char out[SC_ID_MAX + 1]) {
    const json_t *value = json_object_get(object, member);
    out[0] = '\0';
    if (value == NULL || (json_is_string(value) && json_string_length(value) == 0)) {
        return true;
    }
    if (!json_is_string(value) ||
        !sc_id_valid(json_string_value(value), json_string_length(value))) {
        return false;
    }
    memcpy(out, json_string_value(value), json_string_length(value) + 1);
    return true;
}

static bool is_gone(const char *op) {
    static const char *const words[] = {"left", "kicked", "banned"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (op != NULL && strcmp(op, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool sc_event_target(const char *json, size_t bytes, struct sc_event_target *out) {
    json_t *event = sc_json_load_any_object(json, bytes);
    const json_t *user = json_object_get(event, "user");
    bool fine = event != NULL && take_id(event, "room", out->room) &&
                take_id(user, "id", out->user) && take_id(event, "session", out->session) &&
                take_id(event, "spared", out->spared);
    out->gone = is_gone(json_string_value(json_object_get(event, "op")));
    json_int_t seq = json_integer_value(json_object_get(event, "seq"));
    out->seq = seq > 0 ? (uint64_t)seq : 0;
    json_decref(event);
    return fine;
}

/* Dumps and gives `object` back. Running out of memory is the only way in which this fails. */
static char *dump(json_t *object) {
    char *text = object != NULL ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    return text != NULL ? text : sc_xstrdup("{}");
}

/* The same without the opening brace: what follows a head. */
static char *dump_tail(json_t *object) {
    char *text = dump(object);
    memmove(text, text + 1, strlen(text));
    return text;
}

static json_t *person_json(const struct sc_person *person) {
    return json_pack("{s:s, s:s, s:s}", "id", person->id, "name", person->name, "display",
                     person->display);
}

/* --- what is written for one connection --- */

static void write_member(struct sc_writer *writer, const char *before, const char *text) {
    sc_writer_raw(writer, before);
    sc_writer_string(writer, text);
}

static void write_person(struct sc_writer *writer, const struct sc_person *person) {
    write_member(writer, "{\"id\":", person->id);
    write_member(writer, ",\"name\":", person->name);
    write_member(writer, ",\"display\":", person->display);
}

char *sc_person_encode(const struct sc_person *person) {
    struct sc_writer writer = {0};
    write_person(&writer, person);
    sc_writer_raw(&writer, "}");
    return sc_writer_take(&writer);
}

static bool is_blank(const char *text) {
    return text == NULL || *text == '\0';
}

char *sc_user_encode(const struct sc_user *user) {
    struct sc_writer writer = {0};
    write_person(&writer, &user->person);
    write_member(&writer, ",\"role\":", user->role);
    sc_writer_raw(&writer, ",\"created_at\":");
    sc_writer_number(&writer, user->created_at);
    if (!is_blank(user->about)) {
        write_member(&writer, ",\"about\":", user->about);
    }
    if (!is_blank(user->status)) {
        write_member(&writer, ",\"status\":", user->status);
    }
    sc_writer_raw(&writer, "}");
    return sc_writer_take(&writer);
}

static void write_room(struct sc_writer *writer, const struct sc_room_seq *room) {
    write_member(writer, "{\"id\":", room->id);
    sc_writer_raw(writer, ",\"seq\":");
    sc_writer_number(writer, room->seq);
    sc_writer_raw(writer, "}");
}

char *sc_welcome_encode(const char *conn, const char *user_json, int64_t heartbeat_s,
                        const struct sc_room_seq *rooms, size_t rooms_count) {
    struct sc_writer writer = {0};
    write_member(&writer, "{\"type\":\"welcome\",\"conn\":", conn);
    sc_writer_raw(&writer, ",\"user\":");
    sc_writer_raw(&writer, user_json);
    sc_writer_raw(&writer, ",\"heartbeat\":");
    sc_writer_number(&writer, (uint64_t)heartbeat_s);
    sc_writer_raw(&writer, ",\"rooms\":[");
    for (size_t i = 0; i < rooms_count; i++) {
        sc_writer_raw(&writer, i > 0 ? "," : "");
        write_room(&writer, &rooms[i]);
    }
    sc_writer_raw(&writer, "]}");
    return sc_writer_take(&writer);
}

char *sc_mark_encode(enum sc_event_type type, const char *room, uint64_t seq) {
    struct sc_writer writer = {0};
    write_member(&writer, "{\"type\":", rows[type].word);
    write_member(&writer, ",\"room\":", room);
    sc_writer_raw(&writer, ",\"seq\":");
    sc_writer_number(&writer, seq);
    sc_writer_raw(&writer, "}");
    return sc_writer_take(&writer);
}

/* --- the rest --- */

static json_t *sender_json(const struct sc_message *message) {
    json_t *from = person_json(&message->from);
    if (message->is_bot) {
        json_object_set_new(from, "role", json_string("bot"));
    }
    return from;
}

char *sc_message_tail(const struct sc_message *message) {
    json_t *tail =
        json_pack("{s:s, s:o, s:s%, s:s}", "room", message->room, "from", sender_json(message),
                  "text", message->text, message->text_bytes, "key", message->key);
    if (message->reply_to > 0) {
        json_object_set_new(tail, "reply_to", json_integer((json_int_t)message->reply_to));
    }
    return dump_tail(tail);
}

char *sc_change_tail(const struct sc_change *change) {
    json_t *tail = json_pack("{s:s, s:o, s:I, s:s*, s:s*}", "room", change->room, "from",
                             person_json(&change->from), "target", (json_int_t)change->target,
                             "emoji", change->emoji, "op", change->op);
    if (change->text != NULL) {
        json_object_set_new(tail, "text", json_stringn(change->text, change->text_bytes));
    }
    return dump_tail(tail);
}

char *sc_member_tail(const char *room, const struct sc_person *from, const char *op,
                     const struct sc_person *user, const char *role) {
    return dump_tail(json_pack("{s:s, s:o, s:s, s:o, s:s*}", "room", room, "from",
                               person_json(from), "op", op, "user", person_json(user), "role",
                               role));
}

/* The fields of a room that are no texts. */
static bool is_number(const char *field) {
    return strcmp(field, "keep_days") == 0 || strcmp(field, "keep_messages") == 0;
}

char *sc_room_tail(const char *room, const struct sc_person *from, const char *const *fields,
                   size_t count) {
    json_t *tail = json_pack("{s:s, s:o}", "room", room, "from", person_json(from));
    for (size_t i = 0; i + 1 < count; i += 2) {
        json_object_set_new(tail, fields[i],
                            is_number(fields[i]) ? json_integer(strtoll(fields[i + 1], NULL, 10))
                                                 : json_string(fields[i + 1]));
    }
    return dump_tail(tail);
}

const char *sc_message_without_type(const char *entry, size_t bytes, size_t *bytes_out) {
    struct scan scan = {entry, entry + bytes};
    if (!scan_word(&scan, "{\"type\":\"message\",")) {
        return NULL;
    }
    *bytes_out = (size_t)(scan.end - scan.at);
    return scan.at;
}

char *sc_left_encode(const char *room) {
    return dump(json_pack("{s:s, s:s}", "type", rows[SC_EVENT_LEFT].word, "room", room));
}

char *sc_read_encode(const char *room, const struct sc_person *user, uint64_t seq) {
    return dump(json_pack("{s:s, s:s, s:o, s:I}", "type", rows[SC_EVENT_READ].word, "room", room,
                          "user", person_json(user), "seq", (json_int_t)seq));
}

char *sc_typing_encode(const char *room, const char *user_json) {
    return sc_xasprintf("{\"type\":\"%s\",\"room\":\"%s\",\"user\":%s}", rows[SC_EVENT_TYPING].word,
                        room, user_json);
}

/* {user: {id, name, display}, online, rooms}, as the scripts publish it. */
static bool is_presence(const json_t *event) {
    const json_t *user = json_object_get(event, "user");
    return json_is_string(json_object_get(user, "id")) &&
           json_is_string(json_object_get(user, "name")) &&
           json_is_string(json_object_get(user, "display")) &&
           json_is_boolean(json_object_get(event, "online")) &&
           json_is_array(json_object_get(event, "rooms"));
}

static char *presence_frame(json_t *event) {
    const json_t *who = json_object_get(event, "user");
    const struct sc_person person = {json_string_value(json_object_get(who, "id")),
                                     json_string_value(json_object_get(who, "name")),
                                     json_string_value(json_object_get(who, "display"))};
    char *user = sc_person_encode(&person);
    char *frame =
        sc_xasprintf("{\"type\":\"%s\",\"user\":%s,\"online\":%s}", rows[SC_EVENT_PRESENCE].word,
                     user, json_is_true(json_object_get(event, "online")) ? "true" : "false");
    free(user);
    return frame;
}

char *sc_presence_encode(const char *user_json, const char *room) {
    return sc_xasprintf("{\"user\":%s,\"online\":true,\"rooms\":[\"%s\"]}", user_json, room);
}

bool sc_presence_decode(const char *json, size_t bytes, struct sc_presence *out) {
    json_t *event = sc_json_load_any_object(json, bytes);
    bool fine = event != NULL && is_presence(event);
    if (fine) {
        const json_t *rooms = json_object_get(event, "rooms");
        *out = (struct sc_presence){.frame = presence_frame(event),
                                    .rooms =
                                        sc_xcalloc(json_array_size(rooms) + 1, sizeof *out->rooms)};
        for (size_t i = 0; i < json_array_size(rooms); i++) {
            const char *room = json_string_value(json_array_get(rooms, i));
            if (room != NULL && sc_id_valid(room, strlen(room))) {
                out->rooms[out->rooms_count++] = sc_xstrdup(room);
            }
        }
    }
    json_decref(event);
    return fine;
}

void sc_presence_deinit(struct sc_presence *presence) {
    for (size_t i = 0; i < presence->rooms_count; i++) {
        free(presence->rooms[i]);
    }
    free(presence->rooms);
    free(presence->frame);
}

char *sc_pong_encode(const char *id) {
    return dump(json_pack("{s:s, s:s*}", "type", rows[SC_EVENT_PONG].word, "id", id));
}

char *sc_error_encode(enum sc_error error) {
    const struct sc_error_row *row = sc_error_row(error);
    return dump(json_pack("{s:s, s:s, s:s}", "type", rows[SC_EVENT_ERROR].word, "code", row->code,
                          "detail", row->sentence));
}

/* `data` goes on as it came: a decoder's idea of numbers must not change a site's own JSON. */
char *sc_notice_encode(const char *data, size_t bytes, const char *room) {
    json_t *object = bytes <= SC_NOTICE_MAX ? sc_json_load_any_object(data, bytes) : NULL;
    if (object == NULL) {
        return NULL;
    }
    json_decref(object);
    const char *type = rows[SC_EVENT_NOTICE].word;
    return room != NULL ? sc_xasprintf("{\"type\":\"%s\",\"room\":\"%s\",\"data\":%.*s}", type,
                                       room, (int)bytes, data)
                        : sc_xasprintf("{\"type\":\"%s\",\"data\":%.*s}", type, (int)bytes, data);
}
