/*
 * client_bench: a person with one connection, wired as worker does it, without Redis.
 *
 * The connection is a real one; Redis is fake_redis and fake_presence, and what it says of sessions
 * is `session` below. Everything above conn and room is what is tested: signin, client,
 * client_commands, devices, user, presence.
 */
#ifndef CLIENT_BENCH_H
#define CLIENT_BENCH_H

#include "suite.h"

#include <stonechat/token.h>

#include "client_commands.h"
#include "conn_bench.h"
#include "devices.h"
#include "fake_presence.h"
#include "fake_redis.h"
#include "signin.h"

enum { GRACE_SECONDS = 10 };

static struct bench bench;
static struct room_set rooms;
static struct user_set users;
static struct client_set clients;
static struct node node;
static struct presence presence;
static char node_slot[SC_ID_MAX + 1];
static int peer;
static struct heard heard;

/* What the store says of every session. */
static struct {
    enum sc_error error;
    const char *rooms[FAKE_ROOMS];
    size_t rooms_count;
    bool later;
    store_session_fn *done;
    void *context;
    unsigned asked;
    uint64_t number; /* of the connection */
    int64_t most;
} session;

static struct {
    unsigned count;
    char channel[64], text[512];
} published;

/* --- the rest of what Redis is asked --- */

bool feed_is_up(const struct feed *feed) {
    (void)feed;
    return fake.feed_up;
}

static inline void answer_session(void) {
    const struct store_session answer = {.error = session.error,
                                         .user_json = "{\"id\":\"anna\"}",
                                         .person_json = "{\"id\":\"anna\"}",
                                         .left_ms = 3600 * 1000,
                                         .rooms = session.rooms,
                                         .rooms_count = session.rooms_count};
    store_session_fn *done = session.done;
    session.done = NULL;
    done(&answer, session.context);
}

void store_session(struct store *store, const struct sc_token *token, const struct store_here *here,
                   store_session_fn *done, void *context) {
    (void)store;
    assert_string_equal(here->node, node.id);
    session.number = here->number;
    session.most = here->most;
    assert_string_equal(token->user, "anna");
    session.asked++;
    session.done = done;
    session.context = context;
    if (!session.later) {
        answer_session();
    }
}

void store_session_touch(struct store *store, const char *user, const char *id) {
    (void)store;
    (void)user;
    (void)id;
}

void store_typing(struct store *store, const char *room, const char *user, const char *text) {
    (void)store;
    published.count++;
    snprintf(published.channel, sizeof published.channel, "%s of %s", room, user);
    snprintf(published.text, sizeof published.text, "%s", text);
}

bool store_publish(struct store *store, const char *channel, size_t channel_bytes,
                   const char *text) {
    (void)store;
    published.count++;
    snprintf(published.channel, sizeof published.channel, "%.*s", (int)channel_bytes, channel);
    snprintf(published.text, sizeof published.text, "%s", text);
    return true;
}

static char ticket_hash[SC_HASH_CHARS + 1];

void store_ticket(struct store *store, const char *hash, store_ticket_fn *done, void *context) {
    (void)store;
    const struct sc_token token = {.user = "anna", .session = "s1"};
    done(strcmp(hash, ticket_hash) == 0 ? SC_OK : SC_BAD_CREDENTIALS, &token, context);
}

/* --- the wiring of worker.c --- */

static inline void on_request(struct conn *conn, const struct handshake *request) {
    signin_begin(&clients, conn, request);
}

static inline void on_ready(struct sub *sub) {
    if (sub->conn->client->arrival != NULL) {
        signin_on_room(sub);
    } else {
        client_on_late_room(sub);
    }
}

static inline void on_fresh(struct room *room) {
    (void)room;
    conn_set_wake(&bench.set);
}

static inline void on_turn(void *context) {
    (void)context;
    room_set_deliver(&rooms, INT64_MAX);
}

static inline void on_member(struct room *room, const struct sc_event_head *head, const char *json,
                             size_t bytes) {
    devices_on_member(&users, room, head, json, bytes);
}

static inline void on_renewed(void *context) {
    (void)context;
    client_set_recheck(&clients);
}

static inline void on_user_gone(void *context, const char *user, const struct store_leave *leave) {
    (void)context;
    presence_on_gone(&presence, user, leave);
}

static const struct node_events node_events = {on_renewed, on_user_gone};

static inline int set_up(void **state) {
    static const struct conn_events conn_events = {on_request,        client_on_text,
                                                   client_on_timer,   client_on_dropped,
                                                   client_on_drained, client_on_gone};
    static const struct room_events room_events = {on_ready, client_on_rewritten, on_fresh,
                                                   on_member};
    (void)state;
    fake_reset();
    memset(&session, 0, sizeof session);
    memset(&published, 0, sizeof published);
    session.rooms[0] = "a";
    session.rooms[1] = "b";
    session.rooms_count = 2;
    heard.count = 0;
    bench_init(&bench, &conn_events);
    bench.set.on_turn = on_turn;
    room_set_init(&rooms, NULL, NULL, &bench.wheel, &room_events);
    memset(&told, 0, sizeof told);
    told.members = 2;
    memset(node_slot, 0, sizeof node_slot);
    node_init(&node, bench.base, NULL, &bench.wheel, node_slot, &node_events, NULL);
    node_on_store_up(&node);
    presence_init(&presence, &bench.settings, NULL, &rooms, &bench.wheel);
    user_set_init(&users, NULL, &bench.wheel);
    node.large = &presence.large;
    users.node = &node;
    users.presence = &presence;
    bench.settings.push_presence_grace_s = GRACE_SECONDS;
    clients = (struct client_set){.settings = &bench.settings,
                                  .rooms = &rooms,
                                  .users = &users,
                                  .on_unsettled = signin_again};
    bench_connect(&bench, &peer);
    for (int i = 0; i < 10; i++) {
        fake_append(0);
        fake_append(1);
    }
    return 0;
}

static inline int tear_down(void **state) {
    (void)state;
    conn_set_deinit(&bench.set);
    fake_store_down();
    if (session.done != NULL) {
        session.error = SC_UNAVAILABLE;
        answer_session();
    }
    if (told.on_leave != NULL) {
        fake_leave(SC_UNAVAILABLE, false);
    }
    user_set_deinit(&users);
    presence_deinit(&presence);
    node_deinit(&node);
    room_set_deinit(&rooms);
    event_base_free(bench.base);
    sc_settings_deinit(&bench.settings);
    close(peer);
    return 0;
}

/* --- what a client does and hears --- */

static char token_text[SC_TOKEN_MAX + 1];

static inline const char *token(void) {
    struct sc_token made = {.user = "anna", .session = "s1"};
    sc_token_new(&made, token_text);
    return token_text;
}

/* An upgrade request with `credentials`: whole header lines. */
static inline void ask(const char *path, const char *credentials) {
    char text[1024];
    snprintf(text, sizeof text,
             "GET %s HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
             "%s\r\n",
             path, credentials);
    peer_send(peer, text, strlen(text));
    bench_turn(&bench);
}

static inline void ask_with_bearer(void) {
    char line[256];
    snprintf(line, sizeof line, "Authorization: Bearer %s\r\n", token());
    ask("/ws", line);
}

static inline void subscribe_user(void) {
    struct user *user = user_find(&users, "anna");
    assert_non_null(user);
    devices_on_subscribed(user);
}

static inline void settle(void) {
    for (int i = 0; i < 3; i++) {
        assert_true(fake_settle(&rooms));
        bench_turn(&bench);
        peer_hear(peer, &heard);
    }
}

static inline const char *hear(void) {
    static char payload[1 << 16];
    unsigned first;
    size_t bytes;
    settle();
    if (!heard_frame(&heard, &first, payload, &bytes)) {
        return "";
    }
    if (first == 0x88) {
        sprintf(payload, "close %d", (unsigned char)payload[0] << 8 | (unsigned char)payload[1]);
    }
    return payload;
}

static inline void assert_hears(const char *beginning) {
    const char *got = hear();
    if (strncmp(got, beginning, strlen(beginning)) != 0 || (*beginning == '\0' && *got != '\0')) {
        fail_msg("heard %.200s instead of %s", got, beginning);
    }
}

static inline void assert_answer(const char *status_line) {
    settle();
    if (strncmp((char *)heard.bytes, status_line, strlen(status_line)) != 0) {
        fail_msg("%s", (char *)heard.bytes);
    }
}

static inline void say(const char *json) {
    peer_say(peer, 0x81, json, strlen(json));
    bench_turn(&bench);
}

static inline void assert_welcome(uint64_t a, uint64_t b) {
    char room_a[64], room_b[64];
    const char *welcome = hear();
    snprintf(room_a, sizeof room_a, "{\"id\":\"a\",\"seq\":%d}", (int)a);
    snprintf(room_b, sizeof room_b, "{\"id\":\"b\",\"seq\":%d}", (int)b);
    assert_case(strstr(welcome, "{\"type\":\"welcome\",") == welcome, welcome);
    assert_case(strstr(welcome, room_a) != NULL, welcome);
    assert_case(strstr(welcome, room_b) != NULL, welcome);
}

static inline void sign_in(void) {
    ask_with_bearer();
    subscribe_user();
    settle();
    heard_answer(&heard);
    assert_welcome(10, 10);
}

static inline void user_event(const char *json) {
    struct sc_event_head head;
    assert_true(sc_event_peek(json, strlen(json), &head));
    devices_on_event(user_find(&users, "anna"), &head, json, strlen(json));
}

static inline void hang_up(void) {
    close(peer);
    bench_turn(&bench);
}

static inline void come_back(void) {
    heard.count = 0;
    bench_connect(&bench, &peer);
    ask_with_bearer();
    settle();
    heard_answer(&heard);
    assert_hears("{\"type\":\"welcome\"");
}

#endif
