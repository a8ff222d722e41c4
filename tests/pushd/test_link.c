/*
 * link: staying with Redis, whose part is played by the test.
 */
#include "suite.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <stonechat/log.h>

#include "link.h"

enum { PATIENCE_MS = 3000 };

static struct event_base *base;
static struct sc_settings settings;
static struct link *link_;
static int door = -1, redis = -1; /* where Redis listens; its end of the connection */
static char folder[64], path[96];

/* What the link told: a letter an event, and what replies said. */
static char told[1024];

static void tell(const char *word) {
    strcat(strcat(told, told[0] != '\0' ? " " : ""), word);
}

static void on_up(void *context) {
    (void)context;
    tell("up");
}

static void on_down(void *context) {
    (void)context;
    tell("down");
}

static void on_push(const redisReply *reply, void *context) {
    (void)context;
    tell("push");
    tell(reply->elements > 0 ? reply->element[0]->str : reply->str);
}

static const struct link_events events = {on_up, on_down, on_push};

static void on_reply(const redisReply *reply, void *context) {
    tell(context);
    tell(reply == NULL ? "null" : reply->str);
}

static void on_reply_redial(const redisReply *reply, void *context) {
    on_reply(reply, context);
    if (reply != NULL) {
        link_redial(link_, "as the test wants it");
        assert_false(link_is_up(link_));
    }
}

static void on_reply_again(const redisReply *reply, void *context) {
    on_reply(reply, context);
    const char *arguments[] = {"AGAIN"};
    link_command(link_, 1, arguments, NULL, on_reply, "again");
}

/* --- time --- */

static void turn(void) {
    event_base_loop(base, EVLOOP_NONBLOCK);
    usleep(500);
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wait_until_told(const char *what) {
    int64_t end = now_ms() + PATIENCE_MS;
    while (strcmp(told, what) != 0 && now_ms() < end) {
        turn();
    }
    assert_string_equal(told, what);
    told[0] = '\0';
}

/* --- Redis --- */

static void open_door(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    door = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(door, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(door, 8), 0);
}

static void let_in(void) {
    int64_t end = now_ms() + PATIENCE_MS;
    if (redis >= 0) {
        close(redis);
    }
    do {
        turn();
        redis = accept4(door, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    } while (redis < 0 && now_ms() < end);
    assert_true(redis >= 0);
}

static void expect(const char *commands) {
    char got[4096] = "";
    size_t count = 0;
    int64_t end = now_ms() + PATIENCE_MS;
    while (count < strlen(commands) && now_ms() < end) {
        turn();
        ssize_t more = recv(redis, got + count, sizeof got - 1 - count, 0);
        count += more > 0 ? (size_t)more : 0;
        got[count] = '\0';
    }
    assert_string_equal(got, commands);
}

static void answer(const char *reply) {
    assert_int_equal(send(redis, reply, strlen(reply), MSG_NOSIGNAL), strlen(reply));
}

static void hang_up(void) {
    close(redis);
    redis = -1;
}

#define PING "*1\r\n$4\r\nPING\r\n"

static void come_up(void) {
    let_in();
    expect(PING);
    answer("+PONG\r\n");
    wait_until_told("up");
    assert_true(link_is_up(link_));
}

static void command(const char *word, link_reply_fn *done) {
    const char *arguments[] = {word};
    link_command(link_, 1, arguments, NULL, done, (void *)word);
}

/* --- --- */

static void set(const char *assignment) {
    char fault[256] = "";
    assert_case(sc_settings_set(&settings, assignment, fault, sizeof fault), fault);
}

static int set_up(void **state) {
    (void)state;
    char url[128];
    told[0] = '\0';
    strcpy(folder, "/tmp/stonechat-link-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/redis.sock", folder);
    snprintf(url, sizeof url, "redis.url=unix:%s", path);
    sc_settings_init(&settings);
    set(url);
    set("redis.command_ms=100");
    set("redis.connect_ms=200");
    set("log.level=error");
    sc_log_init(&settings, "test");
    base = event_base_new();
    open_door();
    link_ = link_new(base, &settings, "test", &events, NULL);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    link_free(&link_);
    assert_null(link_);
    event_base_free(base);
    hang_up();
    close(door);
    unlink(path);
    rmdir(folder);
    sc_settings_deinit(&settings);
    return 0;
}

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

static int open_tcp(int *port_out) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t bytes = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, bytes), 0);
    assert_int_equal(listen(fd, 8), 0);
    getsockname(fd, (struct sockaddr *)&address, &bytes);
    *port_out = ntohs(address.sin_port);
    return fd;
}

/* `before` the address and `behind` it. */
static void begin_anew_with(const char *before, int port, const char *behind) {
    char url[96];
    link_free(&link_);
    snprintf(url, sizeof url, "redis.url=%s127.0.0.1:%d%s", before, port, behind);
    set(url);
    link_ = link_new(base, &settings, "test", &events, NULL);
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

/* --- with a sentinel --- */

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
        TEST(it_is_up_when_redis_has_answered),
        TEST(replies_come_in_order_however_they_are_cut),
        TEST(bytes_are_sent_as_they_are),
        TEST(what_was_lost_is_answered_with_nothing_and_before_down),
        TEST(a_command_from_within_an_answer_of_nothing_is_answered_too),
        TEST(silence_is_noticed),
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
        TEST(only_a_master_will_do),
        TEST(a_master_that_takes_no_writes_any_more_is_left),
        TEST(a_master_that_has_moved_is_followed),
    };
#undef TEST
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
