/*
 * conn_bench: a set of connections on an event loop, and the other ends of their sockets.
 */
#ifndef CONN_BENCH_H
#define CONN_BENCH_H

#include "suite.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conn.h"
#include "masked.h"
#include "quiet.h"

#define BENCH_HEAD                                                                                 \
    "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                 \
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

struct bench {
    struct event_base *base;
    struct wheel wheel;
    struct sc_settings settings;
    struct conn_set set;
};

static inline void bench_set(struct bench *bench, const char *assignment) {
    char fault[256] = "";
    assert_case(sc_settings_set(&bench->settings, assignment, fault, sizeof fault), fault);
}

static inline void bench_init(struct bench *bench, const struct conn_events *events) {
    bench->base = event_base_new();
    wheel_init(&bench->wheel);
    sc_settings_init(&bench->settings);
    bench_set(bench, "push.heartbeat_s=10");
    bench_set(bench, "push.handshake_s=10");
    bench_set(bench, "push.queue_bytes=4096");
    conn_set_init(&bench->set, bench->base, &bench->wheel, &bench->settings, events);
}

static inline void bench_deinit(struct bench *bench) {
    conn_set_deinit(&bench->set);
    event_base_free(bench->base);
    sc_settings_deinit(&bench->settings);
}

/* Lets happen whatever can happen without waiting. */
static inline void bench_turn(struct bench *bench) {
    for (int i = 0; i < 5; i++) {
        event_base_loop(bench->base, EVLOOP_NONBLOCK);
    }
}

static inline void bench_pass(struct bench *bench, uint32_t seconds) {
    for (uint32_t i = 0; i < seconds; i++) {
        wheel_turn(&bench->wheel, bench->wheel.now + 1);
        bench_turn(bench);
    }
}

/* A connection; `peer_out`: the other end of its socket. */
static inline struct conn *bench_connect(struct bench *bench, int *peer_out) {
    int pair[2];
    int bytes = 4096;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    *peer_out = pair[1];
    return conn_new(&bench->set, pair[0]);
}

static inline void peer_send(int peer, const void *bytes, size_t count) {
    assert_int_equal(send(peer, bytes, count, MSG_NOSIGNAL), count);
}

static inline void peer_say(int peer, unsigned first, const void *payload, size_t bytes) {
    unsigned char wire[8192];
    peer_send(peer, wire, masked_frame(wire, first, payload, bytes));
}

/* What has come: NUL-terminated besides; -1 behind it where the socket was closed. */
struct heard {
    unsigned char bytes[1 << 17];
    size_t count;
    bool closed;
};

static inline void peer_hear(int peer, struct heard *heard) {
    ssize_t count = 1;
    while (count > 0 && heard->count < sizeof heard->bytes - 1) {
        count = recv(peer, heard->bytes + heard->count, sizeof heard->bytes - 1 - heard->count, 0);
        heard->count += count > 0 ? (size_t)count : 0;
    }
    heard->bytes[heard->count] = '\0';
    heard->closed = count == 0 || (count < 0 && errno != EAGAIN);
}

/* Takes the next whole frame off what was heard; false when there is none. */
static inline bool heard_frame(struct heard *heard, unsigned *first_out, char *payload,
                               size_t *bytes_out) {
    const unsigned char *wire = heard->bytes;
    size_t head = heard->count > 1 && wire[1] == 126 ? 4 : 2;
    if (heard->count < head) {
        return false;
    }
    size_t bytes = head == 2 ? wire[1] : (size_t)wire[2] << 8 | wire[3];
    if (heard->count < head + bytes) {
        return false;
    }
    *first_out = wire[0];
    *bytes_out = bytes;
    memcpy(payload, wire + head, bytes);
    payload[bytes] = '\0';
    heard->count -= head + bytes;
    memmove(heard->bytes, wire + head + bytes, heard->count + 1);
    return true;
}

/* The 101, of which nothing but its end matters here. */
static inline void heard_answer(struct heard *heard) {
    char *end = strstr((char *)heard->bytes, "\r\n\r\n");
    assert_non_null(end);
    size_t bytes = (size_t)(end + 4 - (char *)heard->bytes);
    heard->count -= bytes;
    memmove(heard->bytes, heard->bytes + bytes, heard->count + 1);
}

#endif
