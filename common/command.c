/*
 * command: what a WebSocket client says, from JSON to a struct (include/stonechat/command.h).
 *
 * One row a command: its word and the function that reads its members.
 */
#include <stonechat/command.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/json.h>
#include <stonechat/memory.h>
#include <stonechat/token.h>

static bool read_number(const json_t *value, uint64_t *out) {
    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        return false;
    }
    *out = (uint64_t)json_integer_value(value);
    return true;
}

/* A cursor is [seq, at], or a plain seq. */
static bool read_cursor(const char *room, const json_t *value, struct sc_cursor *out) {
    size_t bytes = strlen(room);
    if (!sc_id_valid(room, bytes)) {
        return false;
    }
    memcpy(out->room, room, bytes + 1);
    if (json_is_array(value)) {
        return json_array_size(value) == 2 && read_number(json_array_get(value, 0), &out->seq) &&
               read_number(json_array_get(value, 1), &out->at);
    }
    return read_number(value, &out->seq);
}

static enum sc_error read_resume(json_t *object, struct sc_command *out) {
    json_t *cursors = json_object_get(object, "cursors");
    if (!json_is_object(cursors)) {
        return SC_INVALID;
    }
    out->cursors = sc_xcalloc(json_object_size(cursors) + 1, sizeof *out->cursors);
    const char *room;
    json_t *value;
    json_object_foreach(cursors, room, value) {
        if (!read_cursor(room, value, &out->cursors[out->cursors_count++])) {
            return SC_INVALID;
        }
    }
    return SC_OK;
}

static enum sc_error read_ping(json_t *object, struct sc_command *out) {
    const json_t *id = json_object_get(object, "id");
    if (id == NULL) {
        return SC_OK;
    }
    if (!json_is_string(id) || json_string_length(id) > SC_PING_ID_MAX) {
        return SC_INVALID;
    }
    out->id = sc_xstrdup(json_string_value(id));
    return SC_OK;
}

static bool read_room(const json_t *value, char out[SC_ID_MAX + 1]) {
    const char *room = json_string_value(value);
    if (room == NULL || !sc_id_valid(room, json_string_length(value))) {
        return false;
    }
    memcpy(out, room, json_string_length(value) + 1);
    return true;
}

static enum sc_error read_rooms(json_t *object, struct sc_command *out) {
    json_t *rooms = json_object_get(object, "rooms");
    size_t i;
    json_t *value;
    if (!json_is_array(rooms) || json_array_size(rooms) > SC_ROOMS_MAX) {
        return SC_INVALID;
    }
    out->rooms = sc_xcalloc(json_array_size(rooms) + 1, sizeof *out->rooms);
    json_array_foreach(rooms, i, value) {
        if (!read_room(value, out->rooms[out->rooms_count++])) {
            return SC_INVALID;
        }
    }
    return SC_OK;
}

static enum sc_error read_typing(json_t *object, struct sc_command *out) {
    out->rooms = sc_xcalloc(1, sizeof *out->rooms);
    out->rooms_count = 1;
    return read_room(json_object_get(object, "room"), out->rooms[0]) ? SC_OK : SC_INVALID;
}

static const struct {
    const char *word;
    enum sc_error (*read)(json_t *object, struct sc_command *out);
} rows[SC_COMMAND_COUNT] = {
    [SC_COMMAND_RESUME] = {"resume", read_resume},
    [SC_COMMAND_PING] = {"ping", read_ping},
    [SC_COMMAND_SUBSCRIBE] = {"subscribe", read_rooms},
    [SC_COMMAND_UNSUBSCRIBE] = {"unsubscribe", read_rooms},
    [SC_COMMAND_TYPING] = {"typing", read_typing},
};

const char *sc_command_word(enum sc_command_type type) {
    return rows[type].word;
}

static enum sc_error read_command(json_t *object, struct sc_command *out) {
    if (object == NULL) {
        return SC_BAD_JSON;
    }
    const char *type = json_string_value(json_object_get(object, "type"));
    for (size_t i = 0; type != NULL && i < SC_COMMAND_COUNT; i++) {
        if (strcmp(type, rows[i].word) == 0) {
            out->type = (enum sc_command_type)i;
            return rows[i].read(object, out);
        }
    }
    return SC_INVALID;
}

enum sc_error sc_command_decode(const char *json, size_t bytes, struct sc_command *out) {
    *out = (struct sc_command){0};
    json_t *object = sc_json_load_object(json, bytes, SC_ROOMS_MAX);
    enum sc_error error = read_command(object, out);
    json_decref(object);
    if (error != SC_OK) {
        sc_command_deinit(out);
    }
    return error;
}

void sc_command_deinit(struct sc_command *command) {
    free(command->cursors);
    free(command->id);
    free(command->rooms);
    *command = (struct sc_command){0};
}
