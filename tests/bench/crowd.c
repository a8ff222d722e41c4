/*
 * crowd: from connect to the last frame (see crowd.h).
 *
 * Between reads a connection holds a buffer only when a frame is there in part.
 */
#include "crowd.h"

#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS = 512, READ_BYTES = 1 << 18, OPENING_MOST = 100, POLL_MS = 20 };
enum { OP_TEXT = 1, OP_PING = 9, OP_PONG = 10 };

struct conn {
    int fd;
    bool upgraded, in;
    unsigned greetings;
    uint64_t number; /* of the newest */
    unsigned char *carry;
    size_t carried; /* bytes of a frame that isn't all there */
};

struct crowd {
    const struct crowd_plan *plan;
    const struct tallies *all;
    struct tally *tally;
    struct conn *conns;
    int epoll;
    unsigned opened, in;
    uint64_t now, deliveries;
    unsigned char *buffer;
};

/* --- opening --- */

static void request(struct crowd *crowd, struct conn *conn, unsigned index) {
    const struct crowd_plan *plan = crowd->plan;
    char text[1024], authorization[256] = "";
    if (plan->tokens != NULL) {
        snprintf(authorization, sizeof authorization, "Authorization: Bearer %s\r\n",
                 plan->tokens[index % plan->tokens_count]);
    }
    int bytes = snprintf(text, sizeof text,
                         "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n",
                         plan->path, authorization);
    address_write(conn->fd, text, (size_t)bytes);
}

static void open_more(struct crowd *crowd) {
    const struct crowd_plan *plan = crowd->plan;
    while (crowd->opened < plan->count && crowd->opened - crowd->in < OPENING_MOST) {
        unsigned index = plan->first + crowd->opened;
        struct conn *conn = &crowd->conns[crowd->opened++];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = conn};
        conn->fd = address_connect(&plan->target, index);
        if (conn->fd < 0 || epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, conn->fd, &event) != 0) {
            err(1, "connection %u", index);
        }
        request(crowd, conn, index);
    }
}

static void enter(struct crowd *crowd, struct conn *conn) {
    conn->in = true;
    crowd->in++;
    atomic_fetch_add(&crowd->tally->ready, 1);
}

/* The 101; returns how many bytes it has, 0 while it isn't all there. */
static size_t take_answer(struct crowd *crowd, struct conn *conn, const unsigned char *bytes,
                          size_t count) {
    const unsigned char *end = memmem(bytes, count, "\r\n\r\n", 4);
    if (end == NULL) {
        return 0;
    }
    if (memcmp(bytes, "HTTP/1.1 101", 12) != 0) {
        errx(1, "refused: %.*s", (int)count, (const char *)bytes);
    }
    conn->upgraded = true;
    if (crowd->plan->greetings == 0) {
        enter(crowd, conn);
    }
    return (size_t)(end - bytes) + 4;
}

/* --- frames (RFC 6455 section 5.2); ours are masked with zeros --- */

static void say(struct conn *conn, int opcode, const void *payload, size_t bytes) {
    unsigned char frame[6 + 125] = {(unsigned char)(0x80 | opcode), (unsigned char)(0x80 | bytes)};
    if (bytes > 125) {
        errx(2, "too much to say");
    }
    memcpy(frame + 6, payload, bytes);
    address_write(conn->fd, frame, 6 + bytes);
}

static void greet(struct crowd *crowd, struct conn *conn) {
    const struct crowd_plan *plan = crowd->plan;
    if (++conn->greetings == 1 && plan->say != NULL) {
        say(conn, OP_TEXT, plan->say, strlen(plan->say));
    }
    if (conn->greetings == plan->greetings) {
        enter(crowd, conn);
    }
}

static void count(struct crowd *crowd, struct conn *conn, uint64_t number) {
    crowd->deliveries++;
    if (number <= conn->number) {
        atomic_fetch_add(&crowd->tally->duplicates, 1);
        return;
    }
    if (number > conn->number + 1) {
        atomic_fetch_add(&crowd->tally->gaps, number - conn->number - 1);
    }
    conn->number = number;
}

static uint64_t digits(const unsigned char *at, size_t most) {
    uint64_t value = 0;
    for (size_t i = 0; i < most && at[i] >= '0' && at[i] <= '9'; i++) {
        value = value * 10 + (uint64_t)(at[i] - '0');
    }
    return value;
}

static void take_marked(struct crowd *crowd, struct conn *conn, const unsigned char *mark) {
    uint64_t sent = digits(mark + MARK_BYTES, MARK_TIME_DIGITS);
    uint64_t since = atomic_load_explicit(&crowd->all->since_ns, memory_order_relaxed);
    count(crowd, conn, digits(mark + MARK_BYTES + MARK_TIME_DIGITS + 1, MARK_NUMBER_DIGITS));
    if (since != 0 && sent >= since && crowd->now > sent) {
        histogram_add(&crowd->tally->latency, crowd->now - sent);
    }
}

/* Somebody else's message: its first seq may be any. */
static void take_numbered(struct crowd *crowd, struct conn *conn, const unsigned char *seq,
                          size_t bytes) {
    uint64_t number = digits(seq + 6, bytes - 6);
    if (conn->number == 0) {
        conn->number = number - 1;
    }
    count(crowd, conn, number);
}

static void take_text(struct crowd *crowd, struct conn *conn, const unsigned char *payload,
                      size_t bytes) {
    const unsigned char *found;
    if (!conn->in) {
        greet(crowd, conn);
    } else if ((found = memmem(payload, bytes, MARK, MARK_BYTES)) != NULL) {
        take_marked(crowd, conn, found);
    } else if ((found = memmem(payload, bytes, "\"seq\":", 6)) != NULL) {
        take_numbered(crowd, conn, found, (size_t)(payload + bytes - found));
    }
}

/* Returns the bytes of the frame that begins here, 0 while it isn't all there. */
static size_t take_frame(struct crowd *crowd, struct conn *conn, const unsigned char *at,
                         size_t count_left) {
    size_t head = 2, payload = count_left < 2 ? 0 : at[1] & 0x7f;
    size_t extended = payload == 126 ? 2 : payload == 127 ? 8 : 0;
    if (count_left < head + extended) {
        return 0;
    }
    if (extended > 0) {
        payload = 0;
        for (size_t i = 0; i < extended; i++) {
            payload = payload << 8 | at[head + i];
        }
    }
    head += extended;
    if (count_left < head + payload) {
        return 0;
    }
    if ((at[0] & 0x0f) == OP_TEXT) {
        take_text(crowd, conn, at + head, payload);
    } else if ((at[0] & 0x0f) == OP_PING) {
        say(conn, OP_PONG, at + head, payload);
    }
    return head + payload;
}

/* --- reading --- */

static void keep_rest(struct conn *conn, const unsigned char *rest, size_t bytes) {
    free(conn->carry);
    conn->carry = NULL;
    conn->carried = bytes;
    if (bytes > 0) {
        conn->carry = malloc(bytes);
        memcpy(conn->carry, rest, bytes);
    }
}

static void drop(struct crowd *crowd, struct conn *conn) {
    if (!conn->in) {
        errx(1, "a connection was ended before it was in");
    }
    atomic_fetch_add(&crowd->tally->closed, 1);
    close(conn->fd);
    conn->fd = -1;
}

static void on_readable(struct crowd *crowd, struct conn *conn) {
    unsigned char *buffer = crowd->buffer;
    size_t have = conn->carried, at = 0, taken;
    if (have > 0) {
        memcpy(buffer, conn->carry, have);
    }
    ssize_t got = recv(conn->fd, buffer + have, READ_BYTES - have, MSG_DONTWAIT);
    if (got <= 0) {
        drop(crowd, conn);
        return;
    }
    have += (size_t)got;
    crowd->now = now_ns();
    do {
        taken = conn->upgraded ? take_frame(crowd, conn, buffer + at, have - at)
                               : take_answer(crowd, conn, buffer + at, have - at);
        at += taken;
    } while (taken > 0 && at < have);
    keep_rest(conn, buffer + at, have - at);
}

static void publish_count(struct crowd *crowd) {
    if (crowd->deliveries > 0) {
        atomic_fetch_add(&crowd->tally->deliveries, crowd->deliveries);
        crowd->deliveries = 0;
    }
}

void crowd_run(const struct crowd_plan *plan, const struct tallies *all, struct tally *tally) {
    struct crowd crowd = {.plan = plan,
                          .all = all,
                          .tally = tally,
                          .conns = calloc(plan->count, sizeof *crowd.conns),
                          .epoll = epoll_create1(EPOLL_CLOEXEC),
                          .buffer = malloc(READ_BYTES)};
    struct epoll_event events[EVENTS];
    while (atomic_load(&all->over) == 0) {
        open_more(&crowd);
        int ready = epoll_wait(crowd.epoll, events, EVENTS, POLL_MS);
        for (int i = 0; i < ready; i++) {
            on_readable(&crowd, events[i].data.ptr);
            publish_count(&crowd);
        }
    }
}
