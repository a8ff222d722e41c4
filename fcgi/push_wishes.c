/*
 * push_wishes: stored JSON laid over what is usual.
 */
#include "push_wishes.h"

static int minute_of(const json_t *root, const char *name) {
    const char *text = json_string_value(json_object_get(root, name));
    return text ? quiet_minute(text) : QUIET_NEVER;
}

void push_wishes_init(struct push_wishes *wishes, const char *json) {
    json_t *stored = json[0] ? json_loads(json, 0, NULL) : NULL;
    json_t *root = json_pack("{s:n,s:n,s:s,s:n,s:b}", "from", "to", "zone", "", "until", "text", 1);
    if (stored) {
        json_object_update_existing(root, stored);
    }
    json_decref(stored);
    const char *zone = json_string_value(json_object_get(root, "zone"));
    *wishes = (struct push_wishes){
        .root = root,
        .quiet = {.from = minute_of(root, "from"),
                  .to = minute_of(root, "to"),
                  .zone = zone ? zone : "",
                  .until_ms = json_integer_value(json_object_get(root, "until"))},
        .text = !json_is_false(json_object_get(root, "text")),
    };
}

void push_wishes_deinit(struct push_wishes *wishes) {
    json_decref(wishes->root);
    *wishes = (struct push_wishes){.root = NULL};
}
