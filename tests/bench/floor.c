/*
 * floor: the least that anybody can do: read a publication, send() it to each socket.
 *
 *   bench-floor [--coalesce] --redis PATH|IP:PORT --channel NAME --listen PATH|IP:PORT
 *
 * No rooms, no sessions, no pings, no queues; a reader that doesn't read stops all. What a real
 * server costs more than this is what it costs itself: the rest is the kernel's. With --coalesce
 * all messages that one read from Redis has brought go to each socket in one write, which is the
 * least under load.
 */
#include <err.h>
#include <getopt.h>
#include <hiredis/hiredis.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "address.h"

enum { EVENTS = 256, READ_BYTES = 1 << 16, FRAME_HEAD_MAX = 10 };

struct floor {
    int epoll, listener, redis;
    bool coalesce;
    redisReader *reader;
    int *sockets; /* those that have been upgraded */
    size_t count, capacity;
    unsigned char *wire; /* frames that are to be sent */
    size_t bytes, room;
};

static void watch(const struct floor *floor, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(floor->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        err(1, "epoll_ctl");
    }
}

/* --- a connection's one request (RFC 6455 section 4.2.2) --- */

static bool accept_of(const char *request, char out[32]) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    char joined[64];
    const char *key = strcasestr(request, "\r\nSec-WebSocket-Key: ");
    if (key == NULL) {
        return false;
    }
    snprintf(joined, sizeof joined, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key + 21);
    EVP_Digest(joined, strlen(joined), digest, NULL, EVP_sha1(), NULL);
    EVP_EncodeBlock((unsigned char *)out, digest, 20);
    return true;
}

static void add_socket(struct floor *floor, int fd) {
    if (floor->count == floor->capacity) {
        floor->capacity = floor->capacity * 2 + 64;
        floor->sockets = realloc(floor->sockets, floor->capacity * sizeof *floor->sockets);
    }
    floor->sockets[floor->count++] = fd;
}

static void answer(struct floor *floor, int fd, const char *request) {
    char accept[32], text[160];
    if (!accept_of(request, accept)) {
        close(fd);
        return;
    }
    int bytes = snprintf(text, sizeof text,
                         "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                         accept);
    address_write(fd, text, (size_t)bytes);
    add_socket(floor, fd);
}

static void forget(struct floor *floor, int fd) {
    for (size_t i = 0; i < floor->count; i++) {
        if (floor->sockets[i] == fd) {
            floor->sockets[i] = floor->sockets[--floor->count];
            break;
        }
    }
    close(fd);
}

static void on_socket(struct floor *floor, int fd) {
    char request[READ_BYTES];
    ssize_t bytes = read(fd, request, sizeof request - 1);
    if (bytes <= 0) {
        forget(floor, fd);
        return;
    }
    request[bytes] = '\0';
    if (strncmp(request, "GET ", 4) == 0) {
        answer(floor, fd, request);
    }
}

/* --- what Redis publishes --- */

static void send_to_all(struct floor *floor) {
    for (size_t i = 0; i < floor->count; i++) {
        /* blocking; the end of one that has gone is read later */
        (void)!send(floor->sockets[i], floor->wire, floor->bytes, MSG_NOSIGNAL);
    }
    floor->bytes = 0;
}

static void append_frame(struct floor *floor, const char *payload, size_t bytes) {
    size_t needed = floor->bytes + FRAME_HEAD_MAX + bytes;
    if (needed > floor->room) {
        floor->room = needed * 2;
        floor->wire = realloc(floor->wire, floor->room);
    }
    unsigned char *at = floor->wire + floor->bytes;
    *at++ = 0x81;
    if (bytes < 126) {
        *at++ = (unsigned char)bytes;
    } else {
        *at++ = 126;
        *at++ = (unsigned char)(bytes >> 8);
        *at++ = (unsigned char)bytes;
    }
    memcpy(at, payload, bytes);
    floor->bytes = (size_t)(at - floor->wire) + bytes;
}

static void on_reply(struct floor *floor, const redisReply *reply) {
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 3 ||
        strcmp(reply->element[0]->str, "message") != 0) {
        return;
    }
    if ((size_t)reply->element[2]->len > UINT16_MAX) {
        errx(1, "a message beyond 65,535 bytes");
    }
    append_frame(floor, reply->element[2]->str, (size_t)reply->element[2]->len);
    if (!floor->coalesce) {
        send_to_all(floor);
    }
}

static void on_redis(struct floor *floor) {
    static char bytes[READ_BYTES];
    void *reply = NULL;
    ssize_t count = read(floor->redis, bytes, sizeof bytes);
    if (count <= 0) {
        errx(1, "Redis has gone");
    }
    redisReaderFeed(floor->reader, bytes, (size_t)count);
    while (redisReaderGetReply(floor->reader, &reply) == REDIS_OK && reply != NULL) {
        on_reply(floor, reply);
        freeReplyObject(reply);
    }
    if (floor->bytes > 0) {
        send_to_all(floor);
    }
}

static void subscribe(struct floor *floor, const char *redis, const char *channel) {
    struct address address = address_of(redis);
    char *command;
    const char *arguments[] = {"SUBSCRIBE", channel};
    int bytes = redisFormatCommandArgv(&command, 2, arguments, NULL);
    floor->redis = address_connect(&address, 0);
    if (floor->redis < 0) {
        err(1, "%s", redis);
    }
    address_write(floor->redis, command, (size_t)bytes);
    redisFreeCommand(command);
    floor->reader = redisReaderCreate();
}

/* --- its life --- */

static void run(struct floor *floor) {
    struct epoll_event events[EVENTS];
    for (;;) {
        int count = epoll_wait(floor->epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == floor->redis) {
                on_redis(floor);
            } else if (fd == floor->listener) {
                watch(floor, accept(floor->listener, NULL, NULL));
            } else {
                on_socket(floor, fd);
            }
        }
    }
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"coalesce", no_argument, NULL, 'C'},
                                            {"redis", required_argument, NULL, 'r'},
                                            {"channel", required_argument, NULL, 'c'},
                                            {"listen", required_argument, NULL, 'l'},
                                            {0}};
    struct floor floor = {.epoll = epoll_create1(EPOLL_CLOEXEC)};
    const char *redis = NULL, *channel = NULL, *listen = NULL;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'C':
            floor.coalesce = true;
            break;
        case 'r':
            redis = optarg;
            break;
        case 'c':
            channel = optarg;
            break;
        case 'l':
            listen = optarg;
            break;
        default:
            return 2;
        }
    }
    if (redis == NULL || channel == NULL || listen == NULL) {
        errx(2, "--redis, --channel and --listen are needed");
    }
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    struct address address = address_of(listen);
    subscribe(&floor, redis, channel);
    floor.listener = address_listen(&address);
    watch(&floor, floor.redis);
    watch(&floor, floor.listener);
    run(&floor);
}
