/*
 * command: what a client says once its frame has been read.
 *
 * What is taken keeps to its bounds, means the same when it is written anew and read again, and
 * leaves nothing behind when it is refused.
 */
#include "fuzz.h"

#include <jansson.h>

#include <stonechat/command.h>
#include <stonechat/event.h>
#include <stonechat/token.h>

static const struct sc_command nothing;

static const char *const words[] = {
#define X(name, word) word,
    SC_COMMANDS(X)
#undef X
};

static json_t *cursors_json(const struct sc_command *command) {
    json_t *cursors = json_object();
    for (size_t i = 0; i < command->cursors_count; i++) {
        const struct sc_cursor *cursor = &command->cursors[i];
        json_object_set_new(cursors, cursor->room,
                            json_pack("[I, I]", (json_int_t)cursor->seq, (json_int_t)cursor->at));
    }
    return cursors;
}

static json_t *rooms_json(const struct sc_command *command) {
    json_t *rooms = json_array();
    for (size_t i = 0; i < command->rooms_count; i++) {
        json_array_append_new(rooms, json_string(command->rooms[i]));
    }
    return rooms;
}

static json_t *command_json(const struct sc_command *command) {
    const char *word = words[command->type];
    switch (command->type) {
    case SC_COMMAND_RESUME:
        return json_pack("{s:s, s:o}", "type", word, "cursors", cursors_json(command));
    case SC_COMMAND_PING:
        return json_pack("{s:s, s:s*}", "type", word, "id", command->id);
    case SC_COMMAND_TYPING:
        return json_pack("{s:s, s:s}", "type", word, "room", command->rooms[0]);
    default:
        return json_pack("{s:s, s:o}", "type", word, "rooms", rooms_json(command));
    }
}

static char *written_anew(const struct sc_command *command) {
    json_t *json = command_json(command);
    char *text = json_dumps(json, 0);
    json_decref(json);
    demand(text != NULL);
    return text;
}

static bool has_cursor(const struct sc_command *command, const struct sc_cursor *wanted) {
    for (size_t i = 0; i < command->cursors_count; i++) {
        const struct sc_cursor *cursor = &command->cursors[i];
        if (strcmp(cursor->room, wanted->room) == 0) {
            return cursor->seq == wanted->seq && cursor->at == wanted->at;
        }
    }
    return false;
}

static void judge_same(const struct sc_command *one, const struct sc_command *other) {
    demand(one->type == other->type && one->cursors_count == other->cursors_count);
    demand((one->id == NULL) == (other->id == NULL));
    demand(one->id == NULL || strcmp(one->id, other->id) == 0);
    for (size_t i = 0; i < one->cursors_count; i++) {
        demand(sc_id_valid(one->cursors[i].room, strlen(one->cursors[i].room)));
        demand(has_cursor(other, &one->cursors[i]));
    }
}

static void judge_same_rooms(const struct sc_command *one, const struct sc_command *other) {
    demand(one->rooms_count == other->rooms_count && one->rooms_count <= SC_ROOMS_MAX);
    demand(one->type != SC_COMMAND_TYPING || one->rooms_count == 1);
    for (size_t i = 0; i < one->rooms_count; i++) {
        demand(sc_id_valid(one->rooms[i], strlen(one->rooms[i])));
        demand(strcmp(one->rooms[i], other->rooms[i]) == 0);
    }
}

static void judge_pong(const char *id) {
    char *text = sc_pong_encode(id);
    json_t *pong = json_loads(text, 0, NULL);
    const char *returned = json_string_value(json_object_get(pong, "id"));
    demand(id == NULL ? returned == NULL : returned != NULL && strcmp(returned, id) == 0);
    json_decref(pong);
    free(text);
}

static void judge(const struct sc_command *command) {
    struct sc_command again;
    demand(command->type < SC_COMMAND_COUNT && command->cursors_count <= SC_ROOMS_MAX);
    demand(command->id == NULL || strlen(command->id) <= SC_PING_ID_MAX);
    char *text = written_anew(command);
    demand(sc_command_decode(text, strlen(text), &again) == SC_OK);
    judge_same(command, &again);
    judge_same_rooms(command, &again);
    judge_pong(command->id);
    sc_command_deinit(&again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct sc_command command;
    enum sc_error error = sc_command_decode((const char *)data, size, &command);
    demand(error == SC_OK || error == SC_BAD_JSON || error == SC_INVALID);
    if (error == SC_OK) {
        judge(&command);
        sc_command_deinit(&command);
    }
    demand(memcmp(&command, &nothing, sizeof command) == 0);
    return 0;
}
