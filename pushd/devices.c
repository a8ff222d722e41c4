/*
 * devices: what is published about a user, for each of their clients (see devices.h).
 */
#include "devices.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>
#include <stonechat/schema.h>

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

static void enter(struct client *client, const char *room, uint64_t from) {
    announce(client->user, client->set->store, room);
    client_say(client, sc_mark_encode(SC_EVENT_JOINED, room, from));
    client_enter(client, room, from);
}

/* Unless the room's own log has said so before. */
static void on_joined(struct client *client, const struct sc_event_target *target) {
    if (client_sub(client, target->room) == NULL) {
        enter(client, target->room, target->seq > 0 ? target->seq : 1);
    }
}

static void on_left(struct client *client, const struct sc_event_target *target) {
    client_leave(client, target->room);
}

static void on_revoked(struct client *client, const struct sc_event_target *target) {
    const char *session = client->token.session;
    bool meant = target->session[0] == '\0' ? strcmp(session, target->spared) != 0
                                            : strcmp(session, target->session) == 0;
    if (meant) {
        conn_close(client->conn, SC_SESSION_ENDED, NULL);
    }
}

static void (*const user_events[SC_EVENT_UNKNOWN + 1])(struct client *,
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

void devices_on_event(struct user *user, const struct sc_event_head *head, const char *json,
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

void devices_on_notice(struct user *user, struct frame *frame) {
    struct client *client;
    LIST_FOREACH(client, &user->clients, of_user) {
        conn_send(client->conn, frame);
    }
}

void devices_on_subscribed(struct user *user) {
    struct client *client, *next;
    user->subscribed = true;
    for (client = LIST_FIRST(&user->clients); client != NULL; client = next) {
        next = LIST_NEXT(client, of_user);
        if (client->state < CLIENT_HELD) {
            client->set->on_unsettled(client);
        } else {
            client_recheck(client);
        }
    }
}

void devices_on_member(struct user_set *users, struct room *room, const struct sc_event_head *head,
                       const char *json, size_t bytes) {
    struct sc_event_target target;
    struct user *user = NULL;
    if (sc_event_target(json, bytes, &target)) {
        user = user_find(users, target.user);
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
            client_leave(client, room->id);
        } else if (client_sub(client, room->id) == NULL) {
            enter(client, room->id, head->seq);
        }
    }
}
