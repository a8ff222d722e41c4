/*
 * link_bench: a link, and the Redis that it dials, whose part is played by the test.
 */
#ifndef LINK_BENCH_H
#define LINK_BENCH_H

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

static inline void tell(const char *word) {
    strcat(strcat(told, told[0] != '\0' ? " " : ""), word);
}

static inline void on_up(void *context) {
    (void)context;
    tell("up");
}

static inline void on_down(void *context) {
    (void)context;
    tell("down");
}

static inline void on_push(const redisReply *reply, void *context) {
    (void)context;
    tell("push");
    tell(reply->elements > 0 ? reply->element[0]->str : reply->str);
}

static const struct link_events events = {on_up, on_down, on_push};

static inline void on_reply(const redisReply *reply, void *context) {
    tell(context);
    tell(reply == NULL ? "null" : reply->str);
}

static inline void on_reply_redial(const redisReply *reply, void *context) {
    on_reply(reply, context);
    if (reply != NULL) {
        link_redial(link_, "as the test wants it");
        assert_false(link_is_up(link_));
    }
}

static inline void on_reply_again(const redisReply *reply, void *context) {
    on_reply(reply, context);
    const char *arguments[] = {"AGAIN"};
    link_command(link_, 1, arguments, NULL, on_reply, "again");
}

/* --- time --- */

static inline void turn(void) {
    event_base_loop(base, EVLOOP_NONBLOCK);
    usleep(500);
}

static inline int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void wait_until_told(const char *what) {
    int64_t end = now_ms() + PATIENCE_MS;
    while (strcmp(told, what) != 0 && now_ms() < end) {
        turn();
    }
    assert_string_equal(told, what);
    told[0] = '\0';
}

/* --- Redis --- */

static inline void open_door(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    door = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(door, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(door, 8), 0);
}

static inline void let_in(void) {
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

static inline void expect(const char *commands) {
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

static inline void answer(const char *reply) {
    assert_int_equal(send(redis, reply, strlen(reply), MSG_NOSIGNAL), strlen(reply));
}

static inline void hang_up(void) {
    close(redis);
    redis = -1;
}

#define PING "*1\r\n$4\r\nPING\r\n"

static inline void come_up(void) {
    let_in();
    expect(PING);
    answer("+PONG\r\n");
    wait_until_told("up");
    assert_true(link_is_up(link_));
}

static inline void command(const char *word, link_reply_fn *done) {
    const char *arguments[] = {word};
    link_command(link_, 1, arguments, NULL, done, (void *)word);
}

/* --- --- */

static inline void set(const char *assignment) {
    char fault[256] = "";
    assert_case(sc_settings_set(&settings, assignment, fault, sizeof fault), fault);
}

static inline int set_up(void **state) {
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

static inline int tear_down(void **state) {
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

static inline int open_tcp(int *port_out) {
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
static inline void begin_anew_with(const char *before, int port, const char *behind) {
    char url[96];
    link_free(&link_);
    snprintf(url, sizeof url, "redis.url=%s127.0.0.1:%d%s", before, port, behind);
    set(url);
    link_ = link_new(base, &settings, "test", &events, NULL);
}

#endif
