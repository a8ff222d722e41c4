/*
 * signin: from an upgrade request to `welcome`, or to the answer that refuses it.
 */
#include "client_bench.h"

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

static void who_is_one_too_many_is_told_when_to_try_again(void **state) {
    (void)state;
    session.error = SC_TOO_MANY_CONNECTIONS;
    ask_with_bearer();
    subscribe_user();
    assert_answer("HTTP/1.1 429 ");
    assert_non_null(strstr((char *)heard.bytes, "Retry-After: "));
    assert_int_equal(told.conn_ends, 0);
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

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(welcome_is_first_and_says_where_the_rooms_are),
        TEST(welcome_never_names_a_log_that_is_gone),
        TEST(a_ticket_lets_in),
        TEST(a_ticket_that_is_not_there_does_not),
        TEST(without_credentials_nobody_is_let_in),
        TEST(a_token_that_is_none_is_refused),
        TEST(a_cookie_counts_only_from_the_own_site),
        TEST(a_session_that_has_ended_is_refused),
        TEST(without_redis_it_says_so),
        TEST(whoever_hangs_up_while_redis_is_asked_is_forgotten),
        TEST(who_is_one_too_many_is_told_when_to_try_again),
        TEST(who_hangs_up_while_the_session_is_asked_for_is_given_back),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
