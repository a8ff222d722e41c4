/*
 * push_payload: a message cut down to a line, as it stands after an edit.
 */
#include "push_payload.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <stonechat/json.h>
#include <stonechat/memory.h>

#include "store_push.h"

/* The first `most` characters, and a mark where there are more; freed by the caller. `text` is
 * valid UTF-8: a character begins with every byte that isn't 10xxxxxx. */
static char *shortened(const char *text, size_t most) {
    size_t bytes = 0, chars = 0;
    for (; text[bytes] != '\0'; bytes++) {
        chars += ((unsigned char)text[bytes] & 0xc0) != 0x80;
        if (chars > most) {
            break;
        }
    }
    return sc_xasprintf("%.*s%s", (int)bytes, text, text[bytes] == '\0' ? "" : "…");
}

static json_t *load(const struct answer *message, size_t row) {
    size_t bytes;
    const char *text = answer_text(message, row, &bytes);
    return bytes > 0 ? sc_json_load_any_object(text, bytes) : NULL;
}

static void set_text(json_t *payload, const json_t *entry, const json_t *fold) {
    const char *edited = json_string_value(json_object_get(fold, "text"));
    const char *said = edited ? edited : json_string_value(json_object_get(entry, "text"));
    char *text = shortened(said ? said : "", PUSH_PAYLOAD_TEXT_CHARS);
    json_object_set_new(payload, "text", json_string(text));
    free(text);
}

static bool is_bot(const json_t *author) {
    const char *role = json_string_value(json_object_get(author, "role"));
    return role && strcmp(role, "bot") == 0;
}

char *push_payload(const struct answer *message, const char *room, bool shows_text) {
    json_t *entry = load(message, PUSH_MESSAGE_ENTRY), *fold = load(message, PUSH_MESSAGE_FOLD);
    const json_t *author = json_object_get(entry, "from");
    const char *from = json_string_value(json_object_get(author, "display"));
    char *tag = sc_xasprintf("room:%s", room), *text = NULL;
    json_t *payload = json_pack(
        "{s:s,s:O?,s:s,s:s,s:s,s:I,s:s}", "room", room, "seq", json_object_get(entry, "seq"),
        "kind", answer_text(message, PUSH_MESSAGE_KIND, NULL), "title",
        answer_text(message, PUSH_MESSAGE_TITLE, NULL), "from", from ? from : "", "unread",
        (json_int_t)answer_number(message, PUSH_MESSAGE_UNREAD), "tag", tag);
    if (is_bot(author)) {
        json_object_set_new(payload, "bot", json_true());
    }
    if (entry && shows_text) {
        set_text(payload, entry, fold);
    }
    if (entry) {
        text = json_dumps(payload, JSON_COMPACT);
    }
    json_decref(payload);
    json_decref(fold);
    json_decref(entry);
    free(tag);
    return text;
}
