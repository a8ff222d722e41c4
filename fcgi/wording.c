/*
 * wording: finds the text in an entry of the log, or in the fold of one that was edited.
 *
 * A search looks into thousands of entries for one that it shows: what our own codec has written
 * without an escape in it is lent as it stands, and only the rest is parsed.
 */
#include "wording.h"

#include <string.h>

#include <stonechat/json.h>

/* The quote that ends the string whose inside begins at `at`; NULL: none. */
static const char *end_of_string(const char *at, const char *end, bool *escaped_out) {
    *escaped_out = false;
    while (at < end && *at != '"') {
        bool escape = *at == '\\';
        *escaped_out |= escape;
        at += escape ? 2 : 1;
    }
    return at < end ? at : NULL;
}

static bool take(struct wording *wording, json_t *taken, json_t *text) {
    wording->memory = taken;
    wording->text = json_string_value(text);
    wording->bytes = json_string_length(text);
    return wording->text != NULL;
}

/* No other member of an entry bears that name, and inside a string the quotes would be escaped. */
static bool take_from_entry(struct wording *wording, const char *entry, size_t bytes) {
    static const char member[] = ",\"text\":\"";
    const char *end = entry + bytes;
    const char *at = memmem(entry, bytes, member, sizeof member - 1);
    bool escaped;
    const char *close = at ? end_of_string(at + sizeof member - 1, end, &escaped) : NULL;
    if (!close) {
        return false;
    }
    const char *open = at + sizeof member - 2;
    if (escaped) {
        json_t *text = json_loadb(open, (size_t)(close + 1 - open), JSON_DECODE_ANY, NULL);
        return take(wording, text, text);
    }
    wording->text = open + 1;
    wording->bytes = (size_t)(close - open - 1);
    return true;
}

static bool take_from_fold(struct wording *wording, const char *fold, size_t bytes) {
    json_t *json = bytes > 0 ? sc_json_load_any_object(fold, bytes) : NULL;
    return take(wording, json, json_object_get(json, "text"));
}

bool wording_init(struct wording *wording, const struct answer *answer, size_t row) {
    *wording = (struct wording){0};
    size_t entry_bytes, fold_bytes;
    const char *entry = answer_text(answer, row, &entry_bytes);
    const char *fold = answer_text(answer, row + 1, &fold_bytes);
    if (take_from_fold(wording, fold, fold_bytes)) {
        return true;
    }
    wording_deinit(wording);
    return take_from_entry(wording, entry, entry_bytes);
}

void wording_deinit(struct wording *wording) {
    json_decref(wording->memory);
    *wording = (struct wording){0};
}
