/*
 * link: staying with Redis, whose part is played by the test.
 */
#include "link_bench.h"

static void it_is_up_when_redis_has_answered(void **state) {
    (void)state;
    let_in();
    expect(PING);
    turn();
    assert_false(link_is_up(link_));
    answer("+PO");
    turn();
    assert_string_equal(told, "");
    answer("NG\r\n");
    wait_until_told("up");
}

static void replies_come_in_order_however_they_are_cut(void **state) {
    (void)state;
    come_up();
    command("a", on_reply);
    command("b", NULL);
    command("c", on_reply);
    expect("*1\r\n$1\r\na\r\n*1\r\n$1\r\nb\r\n*1\r\n$1\r\nc\r\n");
    for (const char *at = "+one\r\n:2\r\n$5\r\nth\r\ne\r\n"; *at != '\0'; at++) {
        char byte[2] = {*at, '\0'};
        answer(byte);
        turn();
    }
    wait_until_told("a one c th\r\ne");
}

static void bytes_are_sent_as_they_are(void **state) {
    (void)state;
    come_up();
    const char *arguments[] = {"SET", "a b\r\n*1", ""};
    size_t bytes[] = {3, 7, 0};
    link_command(link_, 3, arguments, bytes, on_reply, "set");
    expect("*3\r\n$3\r\nSET\r\n$7\r\na b\r\n*1\r\n$0\r\n\r\n");
    answer("-ERR no\r\n");
    wait_until_told("set ERR no");
}

static void what_was_lost_is_answered_with_nothing_and_before_down(void **state) {
    (void)state;
    come_up();
    command("a", on_reply);
    command("b", NULL);
    command("c", on_reply);
    turn();
    answer("+one\r\n");
    hang_up();
    wait_until_told("a one c null down");
    command("d", on_reply);
    assert_string_equal(told, "d null");
    told[0] = '\0';
    come_up();
    command("e", on_reply);
    expect("*1\r\n$1\r\ne\r\n");
    answer("+fresh\r\n");
    wait_until_told("e fresh");
}

static void a_command_from_within_an_answer_of_nothing_is_answered_too(void **state) {
    (void)state;
    come_up();
    command("a", on_reply_again);
    turn();
    hang_up();
    wait_until_told("a null again null down");
}

static void silence_is_noticed(void **state) {
    (void)state;
    come_up();
    command("a", on_reply);
    int64_t began = now_ms();
    wait_until_told("a null down");
    assert_in_range(now_ms() - began, 90, 1500);
    come_up();
}

/* Each waits longer than a reply may take, but there is always one. */
static void a_redis_that_works_off_a_long_queue_is_not_silent(void **state) {
    (void)state;
    enum { QUEUE = 12, EVERY_MS = 100 };
    settings.redis_command_ms = 500;
    come_up();
    for (int i = 0; i < QUEUE; i++) {
        command("a", i < QUEUE - 1 ? NULL : on_reply);
    }
    for (int i = 0; i < QUEUE; i++) {
        int64_t until = now_ms() + EVERY_MS;
        while (now_ms() < until) {
            turn();
        }
        answer("+one\r\n");
    }
    wait_until_told("a one");
    assert_true(link_is_up(link_));
}

static void silence_without_a_question_is_fine(void **state) {
    (void)state;
    come_up();
    for (int64_t end = now_ms() + 600; now_ms() < end;) {
        turn();
    }
    assert_true(link_is_up(link_));
    assert_string_equal(told, "");
}

static void a_redis_that_never_greets_is_left(void **state) {
    (void)state;
    let_in();
    expect(PING);
    come_up();
}

static void a_redis_that_is_loading_is_waited_for(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++) {
        let_in();
        expect(PING);
        answer("-LOADING Redis is loading the dataset in memory\r\n");
    }
    come_up();
}

static void a_redis_whose_disk_is_full_will_do(void **state) {
    (void)state;
    let_in();
    expect(PING);
    answer("-MISCONF Errors writing to the AOF file: No space left on device\r\n");
    wait_until_told("up");
}

static void a_redis_that_refuses_is_asked_again(void **state) {
    (void)state;
    let_in();
    expect(PING);
    answer("-NOAUTH Authentication required.\r\n");
    come_up();
}

static void what_is_not_redis_is_left(void **state) {
    (void)state;
    come_up();
    command("a", on_reply);
    expect("*1\r\n$1\r\na\r\n");
    answer("HTTP/1.1 400 Bad Request\r\n\r\n");
    wait_until_told("a null down");
    come_up();
}

static void a_redis_that_is_not_there_is_dialled_until_it_is(void **state) {
    (void)state;
    come_up();
    close(door);
    unlink(path);
    hang_up();
    wait_until_told("down");
    for (int64_t end = now_ms() + 300; now_ms() < end;) {
        turn();
    }
    assert_false(link_is_up(link_));
    open_door();
    come_up();
}

static void giving_up_from_within_a_reply_loses_the_rest(void **state) {
    (void)state;
    come_up();
    command("a", on_reply_redial);
    command("b", on_reply);
    expect("*1\r\n$1\r\na\r\n*1\r\n$1\r\nb\r\n");
    answer("+one\r\n+two\r\n");
    wait_until_told("a one b null down");
    come_up();
}

static void what_nobody_asked_for_is_pushed(void **state) {
    (void)state;
    come_up();
    const char *arguments[] = {"SUBSCRIBE", "x"};
    link_push_command(link_, 2, arguments, NULL);
    expect("*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\nx\r\n");
    answer(
        "*3\r\n$9\r\nsubscribe\r\n$1\r\nx\r\n:1\r\n*3\r\n$7\r\nmessage\r\n$1\r\nx\r\n$2\r\nhi\r\n");
    wait_until_told("push subscribe push message");
}

static void redialling_what_is_down_changes_nothing(void **state) {
    (void)state;
    come_up();
    link_redial(link_, "once");
    link_redial(link_, "twice");
    assert_string_equal(told, "down");
    told[0] = '\0';
    come_up();
}

static void who_waits_when_it_ends_is_told(void **state) {
    (void)state;
    come_up();
    command("a", on_reply);
    link_free(&link_);
    assert_string_equal(told, "a null");
}

static void it_signs_in_and_selects(void **state) {
    (void)state;
    int port;
    close(door);
    door = open_tcp(&port);
    begin_anew_with("redis://u:p%20w@", port, "/3");
    let_in();
    expect("*3\r\n$4\r\nAUTH\r\n$1\r\nu\r\n$3\r\np w\r\n*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n" PING);
    answer("+OK\r\n+OK\r\n+PONG\r\n");
    wait_until_told("up");
}

static void a_redis_that_is_slow_is_pressed(void **state) {
    (void)state;
    come_up();
    assert_false(link_is_pressed(link_));
    for (int i = 0; i < 1100; i++) {
        command("a", NULL);
    }
    assert_true(link_is_pressed(link_));
    answer("+one\r\n");
    hang_up();
    wait_until_told("down");
    assert_false(link_is_pressed(link_));
}

static void a_link_that_does_not_hold_is_dialled_less_and_less_often(void **state) {
    (void)state;
    int64_t began = now_ms();
    for (int i = 0; i < 5; i++) {
        come_up();
        hang_up();
        wait_until_told("down");
    }
    assert_true(now_ms() - began > (50 + 100 + 200 + 400) / 2);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(it_is_up_when_redis_has_answered),
        TEST(replies_come_in_order_however_they_are_cut),
        TEST(bytes_are_sent_as_they_are),
        TEST(what_was_lost_is_answered_with_nothing_and_before_down),
        TEST(a_command_from_within_an_answer_of_nothing_is_answered_too),
        TEST(silence_is_noticed),
        TEST(a_redis_that_works_off_a_long_queue_is_not_silent),
        TEST(silence_without_a_question_is_fine),
        TEST(a_redis_that_never_greets_is_left),
        TEST(a_redis_that_is_loading_is_waited_for),
        TEST(a_redis_whose_disk_is_full_will_do),
        TEST(a_redis_that_refuses_is_asked_again),
        TEST(what_is_not_redis_is_left),
        TEST(a_redis_that_is_not_there_is_dialled_until_it_is),
        TEST(giving_up_from_within_a_reply_loses_the_rest),
        TEST(what_nobody_asked_for_is_pushed),
        TEST(redialling_what_is_down_changes_nothing),
        TEST(who_waits_when_it_ends_is_told),
        TEST(it_signs_in_and_selects),
        TEST(a_redis_that_is_slow_is_pressed),
        TEST(a_link_that_does_not_hold_is_dialled_less_and_less_often),
    };
#undef TEST
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
