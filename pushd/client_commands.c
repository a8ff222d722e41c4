/*
 * client_commands: resume, ping, subscribe, unsubscribe, typing (see client_commands.h).
 */
#include "client_commands.h"

#include <stdlib.h>

#include <stonechat/command.h>
#include <stonechat/event.h>

#include "probe.h"
#include "readers.h"

enum { TYPING_SECONDS = 2 };

/* A room that doesn't exist and one that the client isn't in are the same. */
static struct sub *find_sub_or_say(struct client *client, const char *room) {
    struct sub *sub = client_sub(client, room);
    if (sub == NULL) {
        client_say(client, sc_error_encode(SC_NOT_FOUND));
    }
    return sub;
}

/* Counts once a room. */
static void resume_one(struct client *client, const struct sc_cursor *cursor) {
    struct sub *sub = find_sub_or_say(client, cursor->room);
    if (sub != NULL && !sub->resumed) {
        sub->resumed = true;
        readers_resume(sub, cursor->seq, cursor->at);
    }
}

static void on_resume(struct client *client, const struct sc_command *command) {
    for (size_t i = 0; i < command->cursors_count; i++) {
        resume_one(client, &command->cursors[i]);
    }
    client_go_live(client);
}

/* The rooms that it doesn't stand in any more are those that it left meanwhile. */
static void forget_left_rooms(struct client *client, struct cursors *cursors) {
    for (size_t i = cursors->count; i-- > 0;) {
        if (find_sub_or_say(client, cursors->list[i].room) == NULL) {
            cursors_forget(cursors, cursors->list[i].room);
        }
    }
}

void client_begin_events(struct client *client, struct sse *sse) {
    forget_left_rooms(client, &sse->cursors);
    for (struct sub *sub = client->subs; sub != NULL; sub = sub->next) {
        const struct sc_cursor *cursor = cursors_find(&sse->cursors, sub->room->id);
        if (cursor != NULL) {
            resume_one(client, cursor);
        } else if (sse->resumes) {
            readers_begin_anew(sub);
        } else {
            bool newest = sub->cursor == sub->room->seq;
            cursors_set(&sse->cursors, sub->room->id, sub->cursor, newest ? sub->room->at : 0);
        }
    }
    client_go_live(client);
}

static void on_ping(struct client *client, const struct sc_command *command) {
    client_say(client, sc_pong_encode(command->id));
}

/* The first subscribe narrows "all" to what it names; after that it adds. */
static void narrow(struct client *client) {
    if (!client->narrowed) {
        client->narrowed = true;
        for (struct sub *sub = client->subs; sub != NULL; sub = sub->next) {
            readers_mute(sub);
        }
    }
}

static void on_subscribe(struct client *client, const struct sc_command *command) {
    narrow(client);
    for (size_t i = 0; i < command->rooms_count; i++) {
        struct sub *sub = find_sub_or_say(client, command->rooms[i]);
        if (sub != NULL) {
            readers_unmute(sub, client->state == CLIENT_HELD);
            room_serve(sub);
        }
    }
}

static void on_unsubscribe(struct client *client, const struct sc_command *command) {
    client->narrowed = true;
    for (size_t i = 0; i < command->rooms_count; i++) {
        struct sub *sub = find_sub_or_say(client, command->rooms[i]);
        if (sub != NULL) {
            readers_mute(sub);
        }
    }
}

/* Never logged and never stored; more often than this it says nothing new. */
static void on_typing(struct client *client, const struct sc_command *command) {
    const struct sub *sub = find_sub_or_say(client, command->rooms[0]);
    uint32_t now = client->conn->set->wheel->now;
    if (sub != NULL && (client->typed_at == 0 || now - client->typed_at >= TYPING_SECONDS)) {
        char *json = sc_typing_encode(sub->room->id, client->user->person);
        client->typed_at = now;
        store_typing(client->set->store, sub->room->id, client->user->id, json);
        free(json);
    }
}

static void (*const commands[SC_COMMAND_COUNT])(struct client *, const struct sc_command *) = {
    [SC_COMMAND_RESUME] = on_resume,       [SC_COMMAND_PING] = on_ping,
    [SC_COMMAND_SUBSCRIBE] = on_subscribe, [SC_COMMAND_UNSUBSCRIBE] = on_unsubscribe,
    [SC_COMMAND_TYPING] = on_typing,
};

void client_on_text(struct conn *conn, const char *text, size_t bytes) {
    struct sc_command command;
    enum sc_error error = sc_command_decode(text, bytes, &command);
    if (error != SC_OK) {
        client_say(conn->client, sc_error_encode(error));
        return;
    }
    PROBE(command, conn, sc_command_word(command.type), bytes);
    commands[command.type](conn->client, &command);
    sc_command_deinit(&command);
}
