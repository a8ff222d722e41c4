/*
 * link: which of several it takes for the master, with a sentinel that the test plays.
 */
#include "link_bench.h"

static int sentinel_door;

static void begin_with_sentinel(int *port_out) {
    close(door);
    door = open_tcp(port_out);
    int port;
    sentinel_door = open_tcp(&port);
    begin_anew_with("sentinel://", port, "/chat");
}

/* The sentinel's next visitor hears that the master is there. */
static void sentinel_names(int port) {
    char reply[96], digits[8], heard[256];
    int visitor = -1;
    for (int64_t end = now_ms() + PATIENCE_MS; visitor < 0 && now_ms() < end;) {
        turn();
        visitor = accept4(sentinel_door, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    }
    assert_true(visitor >= 0);
    snprintf(digits, sizeof digits, "%d", port);
    snprintf(reply, sizeof reply, "*2\r\n$9\r\n127.0.0.1\r\n$%zu\r\n%s\r\n", strlen(digits),
             digits);
    assert_int_equal(send(visitor, reply, strlen(reply), MSG_NOSIGNAL), strlen(reply));
    for (int i = 0; i < 20; i++) {
        turn();
        (void)!recv(visitor, heard, sizeof heard, 0);
    }
    close(visitor);
}

#define ROLE_PING "*1\r\n$4\r\nROLE\r\n" PING
#define IS_MASTER "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n+PONG\r\n"
#define IS_SLAVE  "*5\r\n$5\r\nslave\r\n$1\r\nh\r\n:1\r\n$9\r\nconnected\r\n:0\r\n+PONG\r\n"

static void only_a_master_will_do(void **state) {
    (void)state;
    int port;
    begin_with_sentinel(&port);
    sentinel_names(port);
    let_in();
    expect(ROLE_PING);
    answer(IS_SLAVE);
    sentinel_names(port);
    let_in();
    expect(ROLE_PING);
    assert_string_equal(told, "");
    answer(IS_MASTER);
    wait_until_told("up");
    close(sentinel_door);
}

static void a_master_that_takes_no_writes_any_more_is_left(void **state) {
    (void)state;
    int port;
    begin_with_sentinel(&port);
    sentinel_names(port);
    let_in();
    expect(ROLE_PING);
    answer(IS_MASTER);
    wait_until_told("up");
    command("a", on_reply);
    expect("*1\r\n$1\r\na\r\n");
    answer("-READONLY no\r\n");
    wait_until_told("a READONLY no down");
    close(sentinel_door);
}

static void a_master_that_has_moved_is_followed(void **state) {
    (void)state;
    int port, other_port;
    begin_with_sentinel(&port);
    sentinel_names(port);
    let_in();
    expect(ROLE_PING);
    answer(IS_MASTER);
    wait_until_told("up");
    sentinel_names(port); /* it is asked now and then: all is well */
    assert_string_equal(told, "");
    int other = open_tcp(&other_port);
    sentinel_names(other_port);
    wait_until_told("down");
    sentinel_names(other_port);
    close(door);
    door = other;
    let_in();
    expect(ROLE_PING);
    answer(IS_MASTER);
    wait_until_told("up");
    close(sentinel_door);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(only_a_master_will_do),
        TEST(a_master_that_takes_no_writes_any_more_is_left),
        TEST(a_master_that_has_moved_is_followed),
    };
#undef TEST
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
