/*
 * event: what comes out of Redis, where any program of the site may have put it.
 *
 * The head that is peeked at by its form says what a JSON decoder says, too; ids are ids; a notice
 * is one JSON object around what was given; a message's text survives.
 */
#include "fuzz.h"

#include <jansson.h>

#include <stonechat/event.h>
#include <stonechat/json.h>
#include <stonechat/text.h>
#include <stonechat/token.h>

static const char *const words[] = {
#define X(name, word, logged) word,
    SC_EVENTS(X)
#undef X
};

static bool is_number(const json_t *event, const char *member, uint64_t number) {
    const json_t *value = json_object_get(event, member);
    return json_is_integer(value) && (uint64_t)json_integer_value(value) == number;
}

static void judge_peek(const char *text, size_t bytes, const json_t *event) {
    struct sc_event_head head;
    if (!sc_event_peek(text, bytes, &head) || event == NULL) {
        return;
    }
    const char *type = json_string_value(json_object_get(event, "type"));
    demand(head.type <= SC_EVENT_UNKNOWN);
    demand(head.type == SC_EVENT_UNKNOWN || strcmp(type, words[head.type]) == 0);
    if (sc_event_is_logged(head.type) || head.type == SC_EVENT_UNKNOWN) {
        demand(is_number(event, "seq", head.seq) && is_number(event, "n", head.n) &&
               is_number(event, "at", head.at));
    }
}

static bool is_id_or_empty(const char *id) {
    return *id == '\0' || sc_id_valid(id, strlen(id));
}

static void judge_target(const char *text, size_t bytes, const json_t *event) {
    struct sc_event_target target;
    if (sc_event_target(text, bytes, &target)) {
        demand(event != NULL);
        demand(is_id_or_empty(target.room) && is_id_or_empty(target.user) &&
               is_id_or_empty(target.session) && is_id_or_empty(target.spared));
    }
}

static void judge_notice(const char *text, size_t bytes, const json_t *event, const char *room) {
    char *encoded = sc_notice_encode(text, bytes, room);
    demand((encoded != NULL) == (event != NULL && bytes <= SC_NOTICE_MAX));
    if (encoded != NULL) {
        json_t *notice = json_loads(encoded, JSON_REJECT_DUPLICATES, NULL);
        demand(json_object_size(notice) == (room != NULL ? 3 : 2));
        demand(json_equal(json_object_get(notice, "data"), event));
        json_decref(notice);
        free(encoded);
    }
}

/* Any text at all in a message: what is stored and then shown by REST is that text. */
static void judge_message(const char *text, size_t bytes) {
    struct sc_message message = {.room = "lobby",
                                 .from = {"u1", "ann", "Ann"},
                                 .text = text,
                                 .text_bytes = bytes,
                                 .key = "abcdefgh"};
    char *tail = sc_message_tail(&message);
    char *entry = malloc(strlen(tail) + 20);
    sprintf(entry, "{\"type\":\"message\",%s", tail);
    size_t shown_bytes = 0;
    const char *shown = sc_message_without_type(entry, strlen(entry), &shown_bytes);
    demand(shown != NULL && shown_bytes == strlen(tail) && strcmp(shown, tail) == 0);
    json_t *json = json_loads(entry, JSON_ALLOW_NUL, NULL);
    const json_t *returned = json_object_get(json, "text");
    demand(json_string_length(returned) == bytes);
    demand(memcmp(json_string_value(returned), text, bytes) == 0);
    json_decref(json);
    free(entry);
    free(tail);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    json_t *event = sc_json_load_any_object(text, size);
    judge_peek(text, size, event);
    judge_target(text, size, event);
    judge_notice(text, size, event, NULL);
    judge_notice(text, size, event, "lobby");
    json_decref(event);
    if (sc_utf8_valid(text, size)) {
        judge_message(text, size);
    }
    return 0;
}
