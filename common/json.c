/*
 * json: reads what comes from outside (include/stonechat/json.h).
 */
#include <stonechat/json.h>

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

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

/* jansson 2.14 passes over a NUL that follows a number. */
static bool holds_nul(const char *text, size_t bytes) {
    return bytes > 0 && memchr(text, '\0', bytes) != NULL;
}

struct json_t *sc_json_load_any_object(const char *text, size_t bytes) {
    json_t *json =
        holds_nul(text, bytes) ? NULL : json_loadb(text, bytes, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(json)) {
        json_decref(json);
        return NULL;
    }
    return json;
}

struct json_t *sc_json_load_object(const char *text, size_t bytes, size_t members_max) {
    json_t *json = sc_json_load_any_object(text, bytes);
    if (json != NULL && !is_modest(json, members_max, 1)) {
        json_decref(json);
        return NULL;
    }
    return json;
}
