/*
 * client: from an upgrade request to welcome and what follows, on real connections, without Redis.
 */
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

/* --- the rest of what Redis is asked --- */

bool feed_is_up(const struct feed *feed) {
    (void)feed;
    return fake.feed_up;
}

static void answer_session(void) {
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

bool store_publish(struct store *store, const char *channel, size_t channel_bytes,
                   const char *text) {
    (void)store;
    (void)channel;
    (void)channel_bytes;
    (void)text;
    return true;
}

static char ticket_hash[SC_HASH_CHARS + 1];

void store_ticket(struct store *store, const char *hash, store_ticket_fn *done, void *context) {
    (void)store;
    const struct sc_token token = {.user = "anna", .session = "s1"};
    done(strcmp(hash, ticket_hash) == 0 ? SC_OK : SC_BAD_CREDENTIALS, &token, context);
}

/* --- the wiring of worker.c --- */

static void on_request(struct conn *conn, const struct handshake *request) {
    signin_begin(&clients, conn, request);
}

static void on_ready(struct sub *sub) {
    if (sub->conn->client->arrival != NULL) {
        signin_on_room(sub);
    } else {
        client_on_late_room(sub);
    }
}

static void on_fresh(struct room *room) {
    (void)room;
    conn_set_wake(&bench.set);
}

static void on_turn(void *context) {
    (void)context;
    room_set_deliver(&rooms);
}

static void on_member(struct room *room, const struct sc_event_head *head, const char *json,
                      size_t bytes) {
    devices_on_member(&users, room, head, json, bytes);
}

static void on_renewed(void *context) {
    (void)context;
    client_set_recheck(&clients);
}

static void on_user_gone(void *context, const char *user, const struct store_leave *leave) {
    (void)context;
    presence_on_gone(&presence, user, leave);
}

static const struct node_events node_events = {on_renewed, on_user_gone};

static int set_up(void **state) {
    static const struct conn_events conn_events = {on_request,        client_on_text,
                                                   client_on_timer,   client_on_dropped,
                                                   client_on_drained, client_on_gone};
    static const struct room_events room_events = {on_ready, client_on_rewritten, on_fresh,
                                                   on_member};
    (void)state;
    fake_reset();
    memset(&session, 0, sizeof session);
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

static int tear_down(void **state) {
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

static const char *token(void) {
    struct sc_token made = {.user = "anna", .session = "s1"};
    sc_token_new(&made, token_text);
    return token_text;
}

/* An upgrade request with `credentials`: whole header lines. */
static void ask(const char *path, const char *credentials) {
    char text[1024];
    snprintf(text, sizeof text,
             "GET %s HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
             "%s\r\n",
             path, credentials);
    peer_send(peer, text, strlen(text));
    bench_turn(&bench);
}

static void ask_with_bearer(void) {
    char line[256];
    snprintf(line, sizeof line, "Authorization: Bearer %s\r\n", token());
    ask("/ws", line);
}

static void subscribe_user(void) {
    struct user *user = user_find(&users, "anna");
    assert_non_null(user);
    devices_on_subscribed(user);
}

static void settle(void) {
    for (int i = 0; i < 3; i++) {
        assert_true(fake_settle(&rooms));
        bench_turn(&bench);
        peer_hear(peer, &heard);
    }
}

static const char *hear(void) {
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

static void assert_hears(const char *beginning) {
    const char *got = hear();
    if (strncmp(got, beginning, strlen(beginning)) != 0 || (*beginning == '\0' && *got != '\0')) {
        fail_msg("heard %.200s instead of %s", got, beginning);
    }
}

static void assert_answer(const char *status_line) {
    settle();
    if (strncmp((char *)heard.bytes, status_line, strlen(status_line)) != 0) {
        fail_msg("%s", (char *)heard.bytes);
    }
}

static void say(const char *json) {
    peer_say(peer, 0x81, json, strlen(json));
    bench_turn(&bench);
}

static void assert_welcome(uint64_t a, uint64_t b) {
    char room_a[64], room_b[64];
    const char *welcome = hear();
    snprintf(room_a, sizeof room_a, "{\"id\":\"a\",\"seq\":%d}", (int)a);
    snprintf(room_b, sizeof room_b, "{\"id\":\"b\",\"seq\":%d}", (int)b);
    assert_case(strstr(welcome, "{\"type\":\"welcome\",") == welcome, welcome);
    assert_case(strstr(welcome, room_a) != NULL, welcome);
    assert_case(strstr(welcome, room_b) != NULL, welcome);
}

static void sign_in(void) {
    ask_with_bearer();
    subscribe_user();
    settle();
    heard_answer(&heard);
    assert_welcome(10, 10);
}

static void user_event(const char *json) {
    struct sc_event_head head;
    assert_true(sc_event_peek(json, strlen(json), &head));
    devices_on_event(user_find(&users, "anna"), &head, json, strlen(json));
}

/* --- --- */

static void welcome_is_first_and_says_where_the_rooms_are(void **state) {
    (void)state;
    ask_with_bearer();
    assert_int_equal(session.asked, 0);
    subscribe_user();
    assert_int_equal(session.asked, 1);
    fake_append(0);
    settle();
    heard_answer(&heard);
    assert_welcome(11, 10);
    assert_hears("");
}

static void whoever_resumes_gets_what_is_missing(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{\"a\":8}}");
    assert_hears("{\"type\":\"message\",\"seq\":9,");
    assert_hears("{\"type\":\"message\",\"seq\":10,");
    assert_hears("{\"type\":\"caught_up\",\"room\":\"a\",\"seq\":10}");
    fake_append(1);
    assert_hears("{\"type\":\"message\",\"seq\":11,");
    assert_hears("");
}

static void whoever_says_nothing_is_live_after_a_second(void **state) {
    (void)state;
    sign_in();
    fake_append(0);
    assert_hears("");
    bench_pass(&bench, 2);
    assert_hears("{\"type\":\"message\",\"seq\":11,");
}

static void a_room_is_resumed_once(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{\"a\":9}}");
    assert_hears("{\"type\":\"message\",\"seq\":10,");
    assert_hears("{\"type\":\"caught_up\",");
    say("{\"type\":\"resume\",\"cursors\":{\"a\":2}}");
    assert_hears("");
}

static void a_room_that_is_not_ones_own_is_not_found(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{\"secret\":0}}");
    assert_hears("{\"type\":\"error\",\"code\":\"not_found\"");
}

static void nonsense_is_answered_and_pings_are_too(void **state) {
    (void)state;
    sign_in();
    say("nonsense");
    assert_hears("{\"type\":\"error\",\"code\":\"bad_json\"");
    say("{\"type\":\"dance\"}");
    assert_hears("{\"type\":\"error\",\"code\":\"invalid\"");
    say("{\"type\":\"ping\",\"id\":\"7\"}");
    assert_hears("{\"type\":\"pong\",\"id\":\"7\"}");
}

/* More in each room than the queue holds: whoever drains serves both. */
static void two_rooms_of_much_more_than_a_queue_arrive(void **state) {
    (void)state;
    for (int i = 0; i < 600; i++) {
        fake_append(i % 2);
    }
    ask_with_bearer();
    subscribe_user();
    settle();
    heard_answer(&heard);
    assert_welcome(310, 310);
    say("{\"type\":\"resume\",\"cursors\":{\"a\":0,\"b\":0}}");
    uint64_t next[FAKE_ROOMS] = {1, 1};
    const char *got;
    while (*(got = hear()) != '\0') {
        struct sc_event_head head;
        int room = strstr(got, "\"room\":\"a\"") != NULL ? 0 : 1;
        assert_true(sc_event_peek(got, strlen(got), &head));
        if (head.type == SC_EVENT_MESSAGE) {
            assert_int_equal(head.seq, next[room]++);
        }
    }
    assert_int_equal(next[0], 311);
    assert_int_equal(next[1], 311);
}

static void welcome_never_names_a_log_that_is_gone(void **state) {
    (void)state;
    ask_with_bearer();
    subscribe_user();
    fake_take_request();
    fake_deliver(&rooms);
    fake_execute(1);
    fake_execute(0);
    fake_answer(0);
    fake_answer(1);
    fake_feed_down(&rooms);
    for (int room = 0; room < FAKE_ROOMS; room++) {
        fake_truncate(room, 3);
    }
    fake_feed_up(&rooms);
    settle();
    heard_answer(&heard);
    assert_welcome(3, 3);
    fake_append(0);
    assert_hears("");
    say("{\"type\":\"resume\",\"cursors\":{}}");
    assert_hears("{\"type\":\"message\",\"seq\":4,");
}

static void a_ticket_lets_in(void **state) {
    (void)state;
    char text[SC_TOKEN_MAX + 1], path[256];
    sc_ticket_new(text, ticket_hash);
    snprintf(path, sizeof path, "/ws?ticket=%s", text);
    ask(path, "");
    subscribe_user();
    settle();
    heard_answer(&heard);
    assert_welcome(10, 10);
}

static void a_ticket_that_is_not_there_does_not(void **state) {
    (void)state;
    char text[SC_TOKEN_MAX + 1], hash[SC_HASH_CHARS + 1], path[256];
    sc_ticket_new(text, hash);
    snprintf(path, sizeof path, "/ws?ticket=%s", text);
    ticket_hash[0] = '\0';
    ask(path, "");
    assert_answer("HTTP/1.1 401 ");
}

static void without_credentials_nobody_is_let_in(void **state) {
    (void)state;
    ask("/ws", "");
    assert_answer("HTTP/1.1 401 ");
    assert_null(users.by_id);
}

static void a_token_that_is_none_is_refused(void **state) {
    (void)state;
    ask("/ws", "Authorization: Bearer anna.s1.short\r\n");
    assert_answer("HTTP/1.1 401 ");
}

static void a_cookie_counts_only_from_the_own_site(void **state) {
    static const char *const origins[] = {"", "Origin: http://evil\r\n", "Origin: null\r\n",
                                          "Origin: https://h\r\n", "Origin: http://h.evil\r\n"};
    for (size_t i = 0; i < ROWS(origins); i++) {
        char lines[400];
        snprintf(lines, sizeof lines, "Cookie: stonechat=%s\r\n%s", token(), origins[i]);
        ask("/ws", lines);
        assert_answer("HTTP/1.1 403 ");
        tear_down(state);
        set_up(state);
    }
    char lines[400];
    snprintf(lines, sizeof lines, "Cookie: stonechat=%s\r\nOrigin: http://h\r\n", token());
    ask("/ws", lines);
    subscribe_user();
    assert_answer("HTTP/1.1 101 ");
}

static void a_session_that_has_ended_is_refused(void **state) {
    (void)state;
    session.error = SC_UNAUTHENTICATED;
    ask_with_bearer();
    subscribe_user();
    assert_answer("HTTP/1.1 401 ");
}

static void without_redis_it_says_so(void **state) {
    (void)state;
    fake.feed_up = false;
    ask_with_bearer();
    assert_answer("HTTP/1.1 503 ");
}

static void whoever_hangs_up_while_redis_is_asked_is_forgotten(void **state) {
    (void)state;
    session.later = true;
    ask_with_bearer();
    subscribe_user();
    bench_pass(&bench, 10);
    assert_answer("HTTP/1.1 503 ");
    assert_true(LIST_EMPTY(&user_find(&users, "anna")->clients));
    answer_session();
    assert_null(room_find(&rooms, "a"));
}

static void a_session_that_is_revoked_is_closed(void **state) {
    (void)state;
    sign_in();
    user_event("{\"type\":\"revoked\",\"session\":\"s2\"}");
    assert_hears("");
    user_event("{\"type\":\"revoked\",\"session\":\"\",\"spared\":\"s1\"}");
    assert_hears("");
    user_event("{\"type\":\"revoked\",\"session\":\"s1\"}");
    assert_hears("close 4401");
}

static void all_sessions_but_one_can_be_revoked(void **state) {
    (void)state;
    sign_in();
    user_event("{\"type\":\"revoked\",\"session\":\"\",\"spared\":\"s2\"}");
    assert_hears("close 4401");
}

static void a_room_joined_elsewhere_is_joined_here(void **state) {
    (void)state;
    session.rooms_count = 1;
    ask_with_bearer();
    subscribe_user();
    settle();
    heard_answer(&heard);
    assert_hears("{\"type\":\"welcome\"");
    user_event("{\"type\":\"joined\",\"room\":\"b\",\"seq\":10}");
    assert_hears("{\"type\":\"joined\",\"room\":\"b\",\"seq\":10}");
    assert_hears("{\"type\":\"message\",\"seq\":10,");
    user_event("{\"type\":\"joined\",\"room\":\"b\",\"seq\":10}");
    assert_hears("");
}

static void a_room_left_elsewhere_is_left_here(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    user_event("{\"type\":\"left\",\"room\":\"b\"}");
    assert_hears("{\"type\":\"left\",\"room\":\"b\"}");
    fake_append(1);
    assert_hears("");
    fake_append(0);
    assert_hears("{\"type\":\"message\",\"seq\":11,");
}

static void what_changed_while_nobody_listened_is_made_up_for(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    session.rooms_count = 1;
    devices_on_subscribed(user_find(&users, "anna"));
    assert_hears("{\"type\":\"left\",\"room\":\"b\"}");
    session.error = SC_UNAUTHENTICATED;
    devices_on_subscribed(user_find(&users, "anna"));
    assert_hears("close 4401");
}

static void a_session_is_looked_at_again_half_way_to_its_end(void **state) {
    (void)state;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    session.error = SC_UNAUTHENTICATED;
    for (int i = 0; i < 1810 && session.asked == 1; i++) {
        bench_pass(&bench, 1);
        peer_say(peer, 0x8a, "", 0);
    }
    assert_int_equal(session.asked, 2);
}

/* --- who is online --- */

static void hang_up(void) {
    close(peer);
    bench_turn(&bench);
}

static void come_back(void) {
    heard.count = 0;
    bench_connect(&bench, &peer);
    ask_with_bearer();
    settle();
    heard_answer(&heard);
    assert_hears("{\"type\":\"welcome\"");
}

static void a_connection_is_noted_with_its_session_and_given_back_when_it_ends(void **state) {
    (void)state;
    bench.settings.limits_connections_per_user = 7;
    sign_in();
    assert_int_equal(session.number, 1);
    assert_int_equal(session.most, 7);
    assert_int_equal(told.adds, 1);
    assert_string_equal(told.user, "anna");
    hang_up();
    assert_int_equal(told.conn_ends, 1);
    assert_int_equal(told.ended, 1);
    come_back();
    assert_int_equal(session.number, 2);
    assert_int_equal(told.adds, 1);
}

static void who_is_looked_at_again_is_never_one_too_many(void **state) {
    (void)state;
    sign_in();
    devices_on_subscribed(user_find(&users, "anna"));
    assert_int_equal(session.asked, 2);
    assert_int_equal(session.number, 1);
    assert_int_equal(session.most, 0);
}

static void who_is_one_too_many_is_told_when_to_try_again(void **state) {
    (void)state;
    session.error = SC_TOO_MANY_CONNECTIONS;
    ask_with_bearer();
    subscribe_user();
    assert_answer("HTTP/1.1 429 ");
    assert_non_null(strstr((char *)heard.bytes, "Retry-After: "));
    assert_int_equal(told.conn_ends, 0);
}

static void who_has_gone_goes_offline_after_the_grace(void **state) {
    (void)state;
    sign_in();
    hang_up();
    bench_pass(&bench, GRACE_SECONDS);
    assert_int_equal(told.leaves, 0);
    bench_pass(&bench, 2);
    assert_int_equal(told.leaves, 1);
    assert_int_equal(told.last, 1);
    assert_non_null(user_find(&users, "anna"));
    fake_leave(SC_OK, true);
    assert_null(user_find(&users, "anna"));
    bench_turn(&bench);
    assert_int_equal(told.removes, 1);
}

static void who_comes_back_within_the_grace_was_not_away(void **state) {
    (void)state;
    sign_in();
    hang_up();
    bench_pass(&bench, GRACE_SECONDS - 1);
    come_back();
    bench_pass(&bench, GRACE_SECONDS);
    assert_int_equal(told.leaves, 0);
}

/* Redis takes the two in this order, or, having lost a script, in the other: `last` makes it safe.
 */
static void who_comes_back_while_redis_is_told_stays(void **state) {
    (void)state;
    sign_in();
    hang_up();
    bench_pass(&bench, GRACE_SECONDS + 2);
    assert_int_equal(told.last, 1);
    come_back();
    assert_int_equal(session.number, 2);
    fake_leave(SC_OK, true);
    assert_non_null(user_find(&users, "anna"));
    hang_up();
    bench_pass(&bench, GRACE_SECONDS + 2);
    assert_int_equal(told.leaves, 2);
    assert_int_equal(told.last, 2);
}

static void who_could_not_be_said_to_have_gone_is_said_so_again(void **state) {
    (void)state;
    sign_in();
    hang_up();
    bench_pass(&bench, GRACE_SECONDS + 2);
    fake_leave(SC_UNAVAILABLE, false);
    assert_non_null(user_find(&users, "anna"));
    bench_pass(&bench, 7);
    assert_int_equal(told.leaves, 2);
    fake_leave(SC_OK, true);
    assert_null(user_find(&users, "anna"));
}

static void who_hangs_up_while_the_session_is_asked_for_is_given_back(void **state) {
    (void)state;
    session.later = true;
    ask_with_bearer();
    subscribe_user();
    hang_up();
    bench_pass(&bench, 10); /* what is asked isn't read from; the request's time runs out */
    answer_session();
    assert_int_equal(told.conn_ends, 1);
    bench_pass(&bench, GRACE_SECONDS + 2);
    assert_int_equal(told.leaves, 1);
}

static void a_new_node_notes_everybody_again_and_takes_back_nothing_of_the_old(void **state) {
    (void)state;
    char before[SC_ID_MAX + 1];
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    strcpy(before, node.id);
    fake_beat(true, "", "");
    assert_string_not_equal(node.id, before);
    assert_string_equal(told.predecessor, before);
    hang_up();
    assert_int_equal(told.conn_ends, 0);
    come_back();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    fake_beat(true, "", "");
    bench_pass(&bench, 3);
    assert_int_equal(session.asked, 3);
    hang_up();
    assert_int_equal(told.conn_ends, 1);
}

static void a_mention_comes_also_of_a_room_that_is_muted(void **state) {
    (void)state;
    static const char mention[] = "{\"type\":\"mention\",\"room\":\"a\",\"seq\":3,\"from\":{}}";
    sign_in();
    say("{\"type\":\"unsubscribe\",\"rooms\":[\"a\",\"b\"]}");
    user_event(mention);
    assert_hears(mention);
    user_event("{\"type\":\"mention\",\"seq\":3}");
    user_event("{\"type\":\"mention\",\"room\":\"a\"}");
    assert_hears("");
}

/* Whatever else is dropped and read from the log again. */
static void a_mention_is_not_dropped_from_a_full_queue(void **state) {
    (void)state;
    static const char mention[] = "{\"type\":\"mention\",\"room\":\"a\",\"seq\":3,\"from\":{}}";
    bench.settings.push_queue_bytes = 4096;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    for (int i = 0; i < 300; i++) {
        fake_append(0);
        assert_true(fake_settle(&rooms));
        bench_turn(&bench);
    }
    assert_false(conn_has_room(user_find(&users, "anna")->clients.lh_first->conn));
    user_event(mention);
    unsigned mentions = 0, messages = 0;
    const char *got;
    while (*(got = hear()) != '\0') {
        mentions += strcmp(got, mention) == 0;
        messages += strncmp(got, "{\"type\":\"message\"", 17) == 0;
    }
    assert_int_equal(mentions, 1);
    assert_int_equal(messages, 300);
}

static void publish_bob(const char *rooms_json) {
    char json[256];
    snprintf(
        json, sizeof json,
        "{\"user\":{\"id\":\"bob\",\"name\":\"b\",\"display\":\"B\"},\"online\":true,\"rooms\":%s}",
        rooms_json);
    presence_on_publication(&presence, json, strlen(json));
    bench_pass(&bench, 2);
}

#define BOB                                                                                        \
    "{\"type\":\"presence\",\"user\":{\"id\":\"bob\",\"name\":\"b\",\"display\":\"B\"},\"online\":true}"

static void who_came_online_is_told_once_however_many_rooms_are_shared(void **state) {
    (void)state;
    sign_in();
    publish_bob("[\"a\",\"b\"]");
    assert_hears(""); /* not before it has resumed */
    say("{\"type\":\"resume\",\"cursors\":{}}");
    publish_bob("[\"a\",\"b\",\"nosuchroom\"]");
    assert_hears(BOB);
    assert_hears("");
    publish_bob("[\"b\"]");
    assert_hears(BOB);
    publish_bob("[]");
    publish_bob("[\"nosuchroom\"]");
    publish_bob("{}");
    assert_hears("");
}

static void a_room_is_small_up_to_a_bound(void **state) {
    (void)state;
    bench.settings.limits_presence_members = told.members = 30;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    publish_bob("[\"a\"]");
    assert_hears(BOB);
    assert_int_equal(told.tells, 0);
    told.members++;
    presence_on_members(&presence, "a");
    bench_pass(&bench, 1);
    publish_bob("[\"a\"]");
    assert_hears("");
    assert_string_equal(presence.large, " a ");
    assert_int_equal(told.tells, 1);
    assert_int_equal(told.come, 1);
}

static void a_large_room_is_told_again_of_who_is_there(void **state) {
    (void)state;
    told.members = 1000;
    sign_in();
    bench_pass(&bench, 2);
    unsigned tells = told.tells;
    assert_int_equal(tells, FAKE_ROOMS);
    for (int i = 0; i < SC_ONLINE_S / 2; i++) {
        bench_pass(&bench, 1);
        peer_say(peer, 0x8a, "", 0);
    }
    assert_int_equal(told.tells, 2 * tells);
    hang_up();
    bench_pass(&bench, GRACE_SECONDS + 2);
    tells = told.tells;
    fake_leave(SC_OK, true);
    bench_pass(&bench, 2);
    assert_int_equal(told.gone, 1);
}

int main(void) {
    bench_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(welcome_is_first_and_says_where_the_rooms_are),
        TEST(whoever_resumes_gets_what_is_missing),
        TEST(whoever_says_nothing_is_live_after_a_second),
        TEST(a_room_is_resumed_once),
        TEST(a_room_that_is_not_ones_own_is_not_found),
        TEST(nonsense_is_answered_and_pings_are_too),
        TEST(two_rooms_of_much_more_than_a_queue_arrive),
        TEST(welcome_never_names_a_log_that_is_gone),
        TEST(a_ticket_lets_in),
        TEST(a_ticket_that_is_not_there_does_not),
        TEST(without_credentials_nobody_is_let_in),
        TEST(a_token_that_is_none_is_refused),
        TEST(a_cookie_counts_only_from_the_own_site),
        TEST(a_session_that_has_ended_is_refused),
        TEST(without_redis_it_says_so),
        TEST(whoever_hangs_up_while_redis_is_asked_is_forgotten),
        TEST(a_session_that_is_revoked_is_closed),
        TEST(all_sessions_but_one_can_be_revoked),
        TEST(a_room_joined_elsewhere_is_joined_here),
        TEST(a_room_left_elsewhere_is_left_here),
        TEST(what_changed_while_nobody_listened_is_made_up_for),
        TEST(a_session_is_looked_at_again_half_way_to_its_end),
        TEST(a_connection_is_noted_with_its_session_and_given_back_when_it_ends),
        TEST(who_is_looked_at_again_is_never_one_too_many),
        TEST(who_is_one_too_many_is_told_when_to_try_again),
        TEST(who_has_gone_goes_offline_after_the_grace),
        TEST(who_comes_back_within_the_grace_was_not_away),
        TEST(who_comes_back_while_redis_is_told_stays),
        TEST(who_could_not_be_said_to_have_gone_is_said_so_again),
        TEST(who_hangs_up_while_the_session_is_asked_for_is_given_back),
        TEST(a_new_node_notes_everybody_again_and_takes_back_nothing_of_the_old),
        TEST(a_mention_comes_also_of_a_room_that_is_muted),
        TEST(a_mention_is_not_dropped_from_a_full_queue),
        TEST(who_came_online_is_told_once_however_many_rooms_are_shared),
        TEST(a_room_is_small_up_to_a_bound),
        TEST(a_large_room_is_told_again_of_who_is_there),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
