/*
 * message_view: the fold laid over a message (see message_view.h).
 *
 * Few messages are ever changed: all others go through as the bytes that they are. Used by the
 * handlers of /rooms and of messages.
 */
#include "message_view.h"

#include <string.h>

#include <jansson.h>
#include <stonechat/event.h>
#include <stonechat/json.h>

static json_t *reaction_json(const json_t *stored, const char *user) {
    bool mine = false;
    for (size_t i = 1; i < json_array_size(stored) && !mine; i++) {
        mine = strcmp(json_string_value(json_array_get(stored, i)), user) == 0;
    }
    return json_pack("{s:O,s:I,s:b}", "emoji", json_array_get(stored, 0), "count",
                     (json_int_t)json_array_size(stored) - 1, "mine", mine);
}

static void lay_reactions(json_t *message, const json_t *stored, const char *user) {
    json_t *reactions = json_array();
    size_t i;
    json_t *one;
    json_array_foreach(stored, i, one) {
        json_array_append_new(reactions, reaction_json(one, user));
    }
    json_object_set_new(message, "reactions", reactions);
}

/* What an edit says of mentions takes the place of all before. Lua knows no empty list: {}. */
static void lay_mentions(json_t *message, json_t *mentions) {
    if (json_array_size(mentions) > 0) {
        json_object_set(message, "mentions", mentions);
    } else if (mentions) {
        json_object_del(message, "mentions");
    }
}

static void lay_fold(json_t *message, const json_t *fold, const char *user) {
    static const char *const members[] = {"text", "edited_at", "pinned"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        json_t *value = json_object_get(fold, members[i]);
        if (value) {
            json_object_set(message, members[i], value);
        }
    }
    lay_mentions(message, json_object_get(fold, "mentions"));
    const json_t *reactions = json_object_get(fold, "reactions");
    if (reactions) {
        lay_reactions(message, reactions, user);
    }
}

static void write_folded(FILE *body, const char *entry, size_t bytes, const json_t *fold,
                         const char *user) {
    json_t *message = sc_json_load_any_object(entry, bytes);
    json_object_del(message, "type");
    lay_fold(message, fold, user);
    json_dumpf(message, body, JSON_COMPACT);
    json_decref(message);
}

bool message_view_write(FILE *body, const struct answer *answer, size_t row, const char *user) {
    size_t entry_bytes, rest_bytes, fold_bytes;
    const char *entry = answer_text(answer, row, &entry_bytes);
    const char *rest = sc_message_without_type(entry, entry_bytes, &rest_bytes);
    if (!rest) {
        return false;
    }
    const char *folded = answer_text(answer, row + 1, &fold_bytes);
    json_t *fold = fold_bytes > 0 ? sc_json_load_any_object(folded, fold_bytes) : NULL;
    if (fold) {
        write_folded(body, entry, entry_bytes, fold, user);
    } else {
        fputc('{', body);
        fwrite(rest, 1, rest_bytes, body);
    }
    json_decref(fold);
    return true;
}
