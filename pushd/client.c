/*
 * client: its life, its rooms, and whether its session still holds (see client.h).
 */
#include "client.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/event.h>
#include <stonechat/memory.h>

#include "metrics.h"

enum { RECHECK_MOST_MS = 3600 * 1000, RETRY_SECONDS = 1 };

struct client *client_new(struct client_set *set, struct conn *conn) {
    struct client *client = sc_xcalloc(1, sizeof *client);
    client->set = set;
    client->conn = conn;
    client->arrival = sc_xcalloc(1, sizeof *client->arrival);
    conn->client = client;
    return client;
}

void arrival_free(struct arrival **arrival) {
    struct arrival *mine = *arrival;
    *arrival = NULL;
    if (mine != NULL) {
        free(mine->answer);
        sse_free(&mine->sse);
        free(mine->address);
        free(mine->user_json);
        free(mine);
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
    arrival_free(&client->arrival);
    free(client);
}

/* --- rooms --- */

struct sub *client_sub(const struct client *client, const char *room) {
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

void client_say(struct client *client, char *json) {
    struct frame *frame = frame_text(FRAME_CONTROL, json, strlen(json));
    conn_send(client->conn, frame);
    frame_unref(&frame);
    free(json);
}

/* Says so once, whether the room's log or the user's channel told it first. */
void client_leave(struct client *client, const char *room) {
    char id[SC_ID_MAX + 1];
    strcpy(id, room);
    if (strcmp(client->user->announced, id) == 0) {
        client->user->announced[0] = '\0';
    }
    if (leave(client, id)) {
        client_say(client, sc_left_encode(id));
    }
}

/* --- its session --- */

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

/* The session is looked at again half-way to its end, and at least every hour. */
static void plan_recheck(struct client *client) {
    int64_t wait_ms = client->left_ms > 4000 ? client->left_ms / 2 : client->left_ms;
    if (wait_ms > RECHECK_MOST_MS) {
        wait_ms = RECHECK_MOST_MS;
    }
    conn_set_timer(client->conn, client->recheck ? RETRY_SECONDS : (uint32_t)(wait_ms / 1000) + 1);
}

static bool lists(const struct store_session *session, const char *room) {
    for (size_t i = 0; i < session->rooms_count; i++) {
        if (strcmp(session->rooms[i], room) == 0) {
            return true;
        }
    }
    return false;
}

/* What was missed while nobody listened: rooms joined and left on other devices. */
static void follow_rooms(struct client *client, const struct store_session *session) {
    struct sub *next;
    for (struct sub *sub = client->subs; sub != NULL; sub = next) {
        next = sub->next;
        if (!lists(session, sub->room->id)) {
            client_leave(client, sub->room->id);
        }
    }
    for (size_t i = 0; i < session->rooms_count; i++) {
        if (client_sub(client, session->rooms[i]) == NULL) {
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
            client->recheck = client->state >= CLIENT_SESSION;
            if (client->state == CLIENT_LIVE) {
                plan_recheck(client);
            }
        }
    }
}

void client_recheck(struct client *client) {
    client_check(client, false, on_rechecked);
}

/* --- its entries --- */

/* Rooms that weren't named go on where `welcome` said. */
void client_go_live(struct client *client) {
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

void client_on_timer(struct conn *conn) {
    struct client *client = conn->client;
    if (client->state == CLIENT_HELD) {
        client_go_live(client);
    } else {
        client_recheck(client);
    }
}

void client_on_late_room(struct sub *sub) {
    struct client *client = sub->conn->client;
    client_say(client, sc_mark_encode(SC_EVENT_JOINED, sub->room->id, sub->cursor + 1));
    metric_add(&metrics->catch_ups_total[METRIC_CATCH_UP_JOIN], 1);
    sub_resume(sub, sub->cursor, false, 0);
    room_serve(sub);
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

/* Whoever restored Redis, or emptied it, may have changed sessions and memberships as well. */
void client_on_rewritten(struct sub *sub) {
    struct client *client = sub->conn->client;
    presence_on_members(client->set->users->presence, sub->room->id);
    client->recheck = true;
    if (client->state == CLIENT_LIVE) {
        plan_recheck(client);
    }
}
