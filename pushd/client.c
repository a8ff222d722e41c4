/*
 * client: what a signed-in person's connection does and has done to it (see client.h).
 */
#include "client.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/command.h>
#include <stonechat/event.h>
#include <stonechat/log.h>
#include <stonechat/memory.h>
#include <stonechat/schema.h>

#include "metrics.h"
#include "probe.h"
#include "readers.h"

enum { RECHECK_MOST_MS = 3600 * 1000, RETRY_SECONDS = 1, TYPING_SECONDS = 2 };

struct client *client_new(struct client_set *set, struct conn *conn) {
    struct client *client = sc_xcalloc(1, sizeof *client);
    client->set = set;
    client->conn = conn;
    client->arrival = sc_xcalloc(1, sizeof *client->arrival);
    conn->client = client;
    return client;
}

static void free_arrival(struct client *client) {
    if (client->arrival != NULL) {
        free(client->arrival->answer);
        sse_free(&client->arrival->sse);
        free(client->arrival->address);
        free(client->arrival->user_json);
        free(client->arrival);
        client->arrival = NULL;
    }
}

/* Its place is free at once. */
static void forget(struct client *client) {
    const struct node *node = client->set->users->node;
    if (client->noted == node->serial) {
        store_conn_end(client->set->store, client->user->id, node->id, client->number);
    }
}

void client_on_gone(struct conn *conn) {
    struct client *client = conn->client;
    conn->client = NULL;
    conn_set_user(conn, NULL);
    asking_forget(&client->asking);
    while (client->subs != NULL) {
        struct sub *sub = client->subs;
        client->subs = sub->next;
        room_leave(&sub);
    }
    if (client->user != NULL) {
        LIST_REMOVE(client, of_user);
        forget(client);
        user_release(client->user);
    }
    free_arrival(client);
    free(client);
}

/* --- rooms --- */

static struct sub *find_sub(const struct client *client, const char *room) {
    struct sub *sub = client->subs;
    while (sub != NULL && strcmp(sub->room->id, room) != 0) {
        sub = sub->next;
    }
    return sub;
}

void client_enter(struct client *client, const char *room, uint64_t from) {
    struct sub *sub = room_enter(client->set->rooms, room, client->conn, from);
    sub->next = client->subs;
    client->subs = sub;
    presence_on_enter(client->set->users->presence, room, client->user->id);
}

static bool leave(struct client *client, const char *room) {
    for (struct sub **at = &client->subs; *at != NULL; at = &(*at)->next) {
        if (strcmp((*at)->room->id, room) == 0) {
            struct sub *sub = *at;
            *at = sub->next;
            room_leave(&sub);
            return true;
        }
    }
    return false;
}

static void say(struct client *client, enum frame_kind kind, char *json) {
    struct frame *frame = frame_text(kind, json, strlen(json));
    conn_send(client->conn, frame);
    frame_unref(&frame);
    free(json);
}

void client_on_dropped(struct conn *conn, const struct frame *frame) {
    for (struct sub *sub = conn->client->subs; sub != NULL; sub = sub->next) {
        if (sub->room->serial == frame->room) {
            sub_rewind(sub, frame);
            return;
        }
    }
}

void client_on_drained(struct conn *conn) {
    for (struct sub *sub = conn->client->subs; sub != NULL; sub = sub->next) {
        room_serve(sub);
    }
}

/* --- what the client says --- */

/* The session is looked at again half-way to its end, and at least every hour. */
static void plan_recheck(struct client *client) {
    int64_t wait_ms = client->left_ms > 4000 ? client->left_ms / 2 : client->left_ms;
    if (wait_ms > RECHECK_MOST_MS) {
        wait_ms = RECHECK_MOST_MS;
    }
    conn_set_timer(client->conn, client->recheck ? RETRY_SECONDS : (uint32_t)(wait_ms / 1000) + 1);
}

/* A room that doesn't exist and one that the client isn't in are the same. */
static struct sub *find_sub_or_say(struct client *client, const char *room) {
    struct sub *sub = find_sub(client, room);
    if (sub == NULL) {
        say(client, FRAME_CONTROL, sc_error_encode(SC_NOT_FOUND));
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

/* Rooms that weren't named go on where `welcome` said. */
static void go_live(struct client *client) {
    client->state = CLIENT_LIVE;
    plan_recheck(client);
    for (struct sub *sub = client->subs; sub != NULL; sub = sub->next) {
        if (sub->state == SUB_HELD) {
            metric_add(&metrics->catch_ups_total[METRIC_CATCH_UP_JOIN], 1);
            sub_resume(sub, sub->cursor, false, 0);
        }
        room_serve(sub);
    }
}

static void on_resume(struct client *client, const struct sc_command *command) {
    for (size_t i = 0; i < command->cursors_count; i++) {
        resume_one(client, &command->cursors[i]);
    }
    go_live(client);
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
    go_live(client);
}

static void on_ping(struct client *client, const struct sc_command *command) {
    say(client, FRAME_CONTROL, sc_pong_encode(command->id));
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
        struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, sub->room->id);
        char *json = sc_typing_encode(sub->room->id, client->user->person);
        client->typed_at = now;
        store_publish(client->set->store, channel.text, channel.bytes, json);
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
        say(conn->client, FRAME_CONTROL, sc_error_encode(error));
        return;
    }
    PROBE(command, conn, sc_command_word(command.type), bytes);
    commands[command.type](conn->client, &command);
    sc_command_deinit(&command);
}

/* --- what becomes of its session --- */

void client_check(struct client *client, bool fresh, asking_session_fn *done) {
    struct user_set *users = client->set->users;
    if (client->number == 0) {
        client->number = ++users->number;
    }
    client->noted = client->user->noted = users->node->serial;
    const struct store_here here = {
        .node = users->node->id,
        .known = users->node->known,
        .large = users->presence->large,
        .number = client->number,
        .most = fresh ? client->set->settings->limits_connections_per_user : 0};
    asking_session(&client->asking, client->set->store, &client->token, &here, done, client);
}

static bool lists(const struct store_session *session, const char *room) {
    for (size_t i = 0; i < session->rooms_count; i++) {
        if (strcmp(session->rooms[i], room) == 0) {
            return true;
        }
    }
    return false;
}

/* Says so once, whether the room's log or the user's channel told it first. */
static void leave_loudly(struct client *client, const char *room) {
    char id[SC_ID_MAX + 1];
    strcpy(id, room);
    if (strcmp(client->user->announced, id) == 0) {
        client->user->announced[0] = '\0';
    }
    if (leave(client, id)) {
        say(client, FRAME_CONTROL, sc_left_encode(id));
    }
}

/* What was missed while nobody listened: rooms joined and left on other devices. */
static void follow_rooms(struct client *client, const struct store_session *session) {
    struct sub *next;
    for (struct sub *sub = client->subs; sub != NULL; sub = next) {
        next = sub->next;
        if (!lists(session, sub->room->id)) {
            leave_loudly(client, sub->room->id);
        }
    }
    for (size_t i = 0; i < session->rooms_count; i++) {
        if (find_sub(client, session->rooms[i]) == NULL) {
            client_enter(client, session->rooms[i], 0);
        }
    }
}

static void on_rechecked(void *asker, const struct store_session *session) {
    struct client *client = asker;
    if (session->error == SC_UNAUTHENTICATED) {
        conn_close(client->conn, SC_SESSION_ENDED, NULL);
        return;
    }
    client->recheck = session->error != SC_OK;
    if (client->recheck) {
        plan_recheck(client);
        return;
    }
    user_on_noted(client->user, session);
    follow_rooms(client, session);
    if (session->stale) {
        store_session_touch(client->set->store, client->token.user, client->token.session);
    }
    client->left_ms = session->left_ms;
    plan_recheck(client);
}

void client_set_recheck(struct client_set *set) {
    struct user *user, *next;
    struct client *client;
    HASH_ITER(hh, set->users->by_id, user, next) {
        LIST_FOREACH(client, &user->clients, of_user) {
            client->recheck = client->state > CLIENT_SESSION;
            if (client->state == CLIENT_LIVE) {
                plan_recheck(client);
            }
        }
    }
}

static void recheck(struct client *client) {
    client_check(client, false, on_rechecked);
}

void client_on_timer(struct conn *conn) {
    struct client *client = conn->client;
    if (client->state == CLIENT_HELD) {
        go_live(client);
    } else {
        recheck(client);
    }
}

/* --- what its user does elsewhere --- */

/* Whoever is in the room has not been told that the newcomer is online; once is enough, on however
 * many connections it comes to pass. */
static void announce(struct user *user, struct store *store, const char *room) {
    if (strcmp(user->announced, room) != 0) {
        struct sc_key channel = sc_channel(SC_CHANNEL_PRESENCE);
        char *json = sc_presence_encode(user->person, room);
        strcpy(user->announced, room);
        store_publish(store, channel.text, channel.bytes, json);
        free(json);
    }
}

static void enter_loudly(struct client *client, const char *room, uint64_t from) {
    announce(client->user, client->set->store, room);
    say(client, FRAME_CONTROL, sc_mark_encode(SC_EVENT_JOINED, room, from));
    client_enter(client, room, from);
}

/* Unless the room's own log has said so before. */
static void on_joined(struct client *client, const struct sc_event_target *target) {
    if (find_sub(client, target->room) == NULL) {
        enter_loudly(client, target->room, target->seq > 0 ? target->seq : 1);
    }
}

static void on_left(struct client *client, const struct sc_event_target *target) {
    leave_loudly(client, target->room);
}

static void on_revoked(struct client *client, const struct sc_event_target *target) {
    const char *session = client->token.session;
    bool meant = target->session[0] == '\0' ? strcmp(session, target->spared) != 0
                                            : strcmp(session, target->session) == 0;
    if (meant) {
        conn_close(client->conn, SC_SESSION_ENDED, NULL);
    }
}

static void (*const user_events[SC_EVENT_UNKNOWN])(struct client *,
                                                   const struct sc_event_target *) = {
    [SC_EVENT_JOINED] = on_joined,
    [SC_EVENT_LEFT] = on_left,
    [SC_EVENT_REVOKED] = on_revoked,
};

/* Whatever rooms a connection wants to hear. It must arrive, or the connection ends and its client
 * finds the mention in the list of rooms: it is never dropped from a queue. */
static bool pass_mention(struct user *user, const struct sc_event_head *head, const char *json,
                         size_t bytes) {
    struct sc_event_target target;
    if (head->type != SC_EVENT_MENTION) {
        return false;
    }
    if (!sc_event_target(json, bytes, &target) || target.room[0] == '\0' || target.seq == 0) {
        sc_log(SC_LOG_WARNING, "event_not_understood", "user", user->id, NULL);
        return true;
    }
    struct frame *frame = frame_text(FRAME_CONTROL, json, bytes);
    struct client *client;
    LIST_FOREACH(client, &user->clients, of_user) {
        if (client->state >= CLIENT_HELD) {
            conn_send(client->conn, frame);
        }
    }
    frame_unref(&frame);
    return true;
}

void client_on_user_event(struct user *user, const struct sc_event_head *head, const char *json,
                          size_t bytes) {
    struct sc_event_target target;
    if (pass_mention(user, head, json, bytes)) {
        return;
    }
    if (user_events[head->type] == NULL || !sc_event_target(json, bytes, &target)) {
        sc_log(SC_LOG_WARNING, "event_not_understood", "user", user->id, NULL);
        return;
    }
    struct client *client, *next;
    for (client = LIST_FIRST(&user->clients); client != NULL; client = next) {
        next = LIST_NEXT(client, of_user);
        if (client->state < CLIENT_HELD) {
            client->set->on_unsettled(client);
        } else {
            user_events[head->type](client, &target);
        }
    }
}

void client_on_user_notice(struct user *user, struct frame *frame) {
    struct client *client;
    LIST_FOREACH(client, &user->clients, of_user) {
        conn_send(client->conn, frame);
    }
}

void client_on_user_subscribed(struct user *user) {
    struct client *client, *next;
    user->subscribed = true;
    for (client = LIST_FIRST(&user->clients); client != NULL; client = next) {
        next = LIST_NEXT(client, of_user);
        if (client->state < CLIENT_HELD) {
            client->set->on_unsettled(client);
        } else {
            recheck(client);
        }
    }
}

/* --- what a room's log says of its members --- */

void client_on_member(struct client_set *set, struct room *room, const struct sc_event_head *head,
                      const char *json, size_t bytes) {
    struct sc_event_target target;
    struct user *user = NULL;
    if (sc_event_target(json, bytes, &target)) {
        user = user_find(set->users, target.user);
    }
    if (user == NULL) {
        return;
    }
    struct client *client;
    LIST_FOREACH(client, &user->clients, of_user) {
        if (client->state < CLIENT_HELD) {
            continue; /* its list of rooms is read after this */
        }
        if (target.gone) {
            leave_loudly(client, room->id);
        } else if (find_sub(client, room->id) == NULL) {
            enter_loudly(client, room->id, head->seq);
        }
    }
}

void client_on_late_room(struct sub *sub) {
    struct client *client = sub->conn->client;
    say(client, FRAME_CONTROL, sc_mark_encode(SC_EVENT_JOINED, sub->room->id, sub->cursor + 1));
    metric_add(&metrics->catch_ups_total[METRIC_CATCH_UP_JOIN], 1);
    sub_resume(sub, sub->cursor, false, 0);
    room_serve(sub);
}

/* Whoever restored Redis, or emptied it, may have changed sessions and memberships as well. */
void client_on_rewritten(struct sub *sub) {
    struct client *client = sub->conn->client;
    presence_on_members(client->set->users->presence, sub->room->id);
    client->recheck = true;
    if (client->state == CLIENT_LIVE) {
        plan_recheck(client);
    }
}
