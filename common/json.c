/*
 * json: reads what comes from outside (include/stonechat/json.h).
 */
#include <stonechat/json.h>

#include <jansson.h>
#include <stdbool.h>

#include <stonechat/limits.h>

/* jansson bounds neither the depth (below 2,048) nor the members of what it has read. */
static bool is_modest(const json_t *json, size_t members_max, int depth) {
    const char *name;
    json_t *member;
    size_t index;
    if (depth > SC_JSON_DEPTH) {
        return !json_is_object(json) && !json_is_array(json);
    }
    if (json_object_size(json) > members_max) {
        return false;
    }
    json_object_foreach((json_t *)json, name, member) {
        if (!is_modest(member, members_max, depth + 1)) {
            return false;
        }
    }
    json_array_foreach(json, index, member) {
        if (!is_modest(member, members_max, depth + 1)) {
            return false;
        }
    }
    return true;
}

struct json_t *sc_json_load_object(const char *text, size_t bytes, size_t members_max) {
    json_t *json = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(json) || !is_modest(json, members_max, 1)) {
        json_decref(json);
        return NULL;
    }
    return json;
}
