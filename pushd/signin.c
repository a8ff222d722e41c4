/*
 * signin: one function a step, in order (see signin.h).
 */
#include "signin.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/event.h>
#include <stonechat/log.h>
#include <stonechat/memory.h>

#include "addresses.h"
#include "client_commands.h"
#include "metrics.h"
#include "probe.h"

enum { RESUME_SECONDS = 1 };

static void count(enum metric_sign_in result) {
    metric_add(&metrics->sign_ins_total[result], 1);
}

static void refuse(struct client *client, enum sc_error error) {
    struct conn *conn = client->conn;
    count(error == SC_UNAUTHENTICATED ? METRIC_SIGN_IN_REFUSED : METRIC_SIGN_IN_FAILED);
    conn_refuse(conn, error);
}

/* --- 0: a place --- */

/* False: there is none for one more from where this comes. */
static bool take_place(struct conn *conn, struct slice address) {
    uint64_t key = address_key(address.text, address.bytes);
    if (!addresses_enter(key, conn->set->settings->limits_connections_per_address)) {
        char *text = sc_xmemdup(address.text, address.bytes);
        sc_log(SC_LOG_INFO, "address_full", "conn", sc_log_number(conn->number), "address", text,
               NULL);
        free(text);
        return false;
    }
    conn->address = key;
    return true;
}

/* --- 1: credentials --- */

static void find_user(struct client *client);

static void on_ticket(void *asker, enum sc_error error, const struct sc_token *token) {
    struct client *client = asker;
    if (error != SC_OK) {
        refuse(client, error == SC_BAD_CREDENTIALS ? SC_UNAUTHENTICATED : error);
        return;
    }
    client->token = *token;
    find_user(client);
}

static bool read_ticket(const struct handshake *request, char hash[SC_HASH_CHARS + 1]) {
    return request->ticket.text != NULL &&
           sc_ticket_read(request->ticket.text, request->ticket.bytes, hash);
}

/* The one credential that counts: a header first, since whoever sends one means it. */
static struct slice token_of(const struct handshake *request) {
    return request->bearer.text != NULL ? request->bearer : request->cookie_token;
}

static bool comes_by_cookie(const struct handshake *request) {
    return request->bearer.text == NULL && request->ticket.text == NULL &&
           request->cookie_token.text != NULL;
}

static void write_answer(struct client *client, const struct handshake *request) {
    if (request->kind == HANDSHAKE_UPGRADE) {
        client->arrival->answer = handshake_accept(request);
        return;
    }
    char *head = handshake_events(request, client->set->settings->push_origins);
    sse_say(client->arrival->sse, head);
    free(head);
}

/* NULL: where it says to stand is nowhere. */
static struct sse *read_events(const struct handshake *request) {
    struct sse *sse = sse_new();
    struct slice id = request->last_event_id;
    sse->resumes = id.bytes > 0;
    if (sse->resumes && !cursors_read(&sse->cursors, id.text, id.bytes)) {
        sse_free(&sse);
    }
    return sse;
}

static void begin_with(struct client *client, const struct handshake *request, struct sse *sse) {
    char hash[SC_HASH_CHARS + 1];
    struct slice token = token_of(request);
    client->arrival->sse = sse;
    write_answer(client, request);
    client->arrival->address = sc_xmemdup(request->address.text, request->address.bytes);
    if (request->bearer.text == NULL && read_ticket(request, hash)) {
        client->state = CLIENT_TICKET;
        asking_ticket(&client->asking, client->set->store, hash, on_ticket, client);
    } else if ((request->bearer.text != NULL || request->ticket.text == NULL) &&
               token.text != NULL && sc_token_read(token.text, token.bytes, &client->token)) {
        find_user(client);
    } else {
        refuse(client, SC_UNAUTHENTICATED);
    }
}

static void begin(struct client_set *set, struct conn *conn, const struct handshake *request) {
    bool for_events = request->kind == HANDSHAKE_EVENTS;
    struct sse *sse = for_events && !set->draining ? read_events(request) : NULL;
    if (set->draining) {
        conn_refuse(conn, SC_RESTARTING);
    } else if (for_events && sse == NULL) {
        conn_refuse(conn, SC_BAD_REQUEST);
    } else if (comes_by_cookie(request) &&
               handshake_is_cross_site(request, set->settings->push_origins)) {
        sse_free(&sse);
        count(METRIC_SIGN_IN_REFUSED);
        conn_refuse(conn, SC_CROSS_SITE);
    } else {
        begin_with(client_new(set, conn), request, sse);
    }
}

void signin_begin(struct client_set *set, struct conn *conn, const struct handshake *request) {
    if (conn->set->count > (uint64_t)set->settings->push_connections) {
        conn_refuse(conn, SC_BUSY);
    } else if (!take_place(conn, request->address)) {
        conn_refuse(conn, SC_TOO_MANY_CONNECTIONS);
    } else {
        begin(set, conn, request);
    }
}

/* --- 2: the user's subscription --- */

static void check_session(struct client *client);

static void find_user(struct client *client) {
    if (!feed_is_up(client->set->feed) || !store_is_up(client->set->store)) {
        refuse(client, SC_UNAVAILABLE);
        return;
    }
    struct user *user = user_open(client->set->users, client->token.user);
    client->state = CLIENT_USER;
    client->user = user;
    conn_set_user(client->conn, user->id);
    LIST_INSERT_HEAD(&user->clients, client, of_user);
    if (user->subscribed) {
        check_session(client);
    }
}

void signin_again(struct client *client) {
    if (client->state == CLIENT_USER || client->state == CLIENT_SESSION) {
        check_session(client);
    } else if (client->state == CLIENT_ROOMS) {
        client->recheck = true;
    }
}

/* --- 3: the session --- */

static void enter_rooms(struct client *client, const struct store_session *session);

static void on_session(void *asker, const struct store_session *session) {
    struct client *client = asker;
    if (session->error != SC_OK) {
        client->noted = session->error == SC_UNAVAILABLE ? client->noted : 0;
        refuse(client, session->error);
        return;
    }
    client->arrival->user_json = sc_xstrdup(session->user_json);
    client->left_ms = session->left_ms;
    user_on_noted(client->user, session);
    if (session->stale) {
        store_session_touch(client->set->store, client->token.user, client->token.session);
    }
    enter_rooms(client, session);
}

static void check_session(struct client *client) {
    client->state = CLIENT_SESSION;
    client_check(client, true, on_session);
}

/* --- 4: the rooms --- */

static void welcome(struct client *client);

static void room_done(struct client *client) {
    if (--client->arrival->rooms == 0) {
        welcome(client);
    }
}

static void enter_rooms(struct client *client, const struct store_session *session) {
    client->state = CLIENT_ROOMS;
    client->arrival->rooms = (uint32_t)session->rooms_count + 1;
    for (size_t i = 0; i < session->rooms_count; i++) {
        client_enter(client, session->rooms[i], 0);
    }
    room_done(client);
}

void signin_on_room(struct sub *sub) {
    room_done(sub->conn->client);
}

/* --- 5: in --- */

static char *encode_welcome(const struct client *client) {
    size_t count = 0;
    for (const struct sub *sub = client->subs; sub != NULL; sub = sub->next) {
        count++;
    }
    struct sc_room_seq *rooms = sc_xcalloc(count + 1, sizeof *rooms);
    count = 0;
    for (const struct sub *sub = client->subs; sub != NULL; sub = sub->next) {
        rooms[count++] = (struct sc_room_seq){sub->room->id, sub->cursor};
    }
    const char *conn = sc_log_number(client->conn->number);
    char *json = sc_welcome_encode(conn, client->arrival->user_json,
                                   client->set->settings->push_heartbeat_s, rooms, count);
    sc_log(SC_LOG_INFO, "client_welcomed", "conn", conn, "user", client->user->id, "session",
           client->token.session, "address", client->arrival->address, NULL);
    PROBE(opened, client->conn, client->arrival->address, count);
    free(rooms);
    return json;
}

/* Where the reader stands is known before the first event is written, which is when the turn of the
 * loop ends. */
static void open_events(struct client *client, struct sse **sse, struct frame *first) {
    struct conn *conn = client->conn;
    conn_accept_events(conn, sse, first);
    if (conn->client == client) {
        client_begin_events(client, conn->sse);
    }
}

static void welcome(struct client *client) {
    struct conn *conn = client->conn;
    char *json = encode_welcome(client);
    struct frame *frame = frame_text(FRAME_CONTROL, json, strlen(json));
    struct arrival *arrival = client->arrival;
    client->arrival = NULL;
    client->state = CLIENT_HELD;
    count(METRIC_SIGN_IN_OK);
    if (arrival->sse != NULL) {
        open_events(client, &arrival->sse, frame);
    } else {
        conn_set_timer(conn, RESUME_SECONDS);
        conn_accept(conn, &arrival->answer, frame);
    }
    frame_unref(&frame);
    free(json);
    arrival_free(&arrival);
}

/* --- or not --- */

void signin_refuse_all(struct conn_set *conns) {
    struct conn *conn, *next;
    for (conn = LIST_FIRST(&conns->all); conn != NULL; conn = next) {
        next = LIST_NEXT(conn, link);
        if (conn->state == CONN_ASKING) {
            count(METRIC_SIGN_IN_FAILED);
            conn_refuse(conn, SC_UNAVAILABLE);
        }
    }
}
