/*
 * floor: the least that anybody can do: read a publication, send() it to each socket of its room.
 *
 *   bench-floor [--coalesce] [--workers N] --redis PATH|IP:PORT --listen PATH|IP:PORT --rooms FILE
 *
 * FILE has a room's id in each line. Who asks for PATH?room=ID is in that room, whoever names none
 * is in the first. No sessions, no pings, no queues; a reader that doesn't read stops all. What a
 * real server costs more than this is what it costs itself: the rest is the kernel's. With
 * --coalesce all messages that one read from Redis has brought go to each socket in one write,
 * which is the least under load. Workers share the listening socket, and nothing else.
 */
#include <err.h>
#include <getopt.h>
#include <hiredis/hiredis.h>
#include <openssl/evp.h>
#include <search.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "address.h"

enum { EVENTS = 256, READ_BYTES = 1 << 16, FRAME_HEAD_MAX = 10, SOCKETS_MAX = 18000, LINE = 256 };

struct room {
    char channel[48];
    int *sockets;
    size_t count, capacity;
    unsigned char *wire; /* frames that are to be sent */
    size_t bytes, space;
};

struct floor {
    int epoll, listener, redis;
    bool coalesce;
    redisReader *reader;
    struct room *rooms, **touched; /* touched: those with frames to be sent */
    size_t rooms_count, touched_count, sockets;
};

static void watch(const struct floor *floor, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(floor->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        err(1, "epoll_ctl");
    }
}

/* --- rooms, by their channel --- */

static struct room *room_by(const char *channel) {
    ENTRY wanted = {.key = (char *)channel}, *found = hsearch(wanted, FIND);
    return found != NULL ? found->data : NULL;
}

static void read_rooms(struct floor *floor, const char *path) {
    char id[33];
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        err(2, "%s", path);
    }
    while (fscanf(file, "%32s", id) == 1) {
        floor->rooms = realloc(floor->rooms, (floor->rooms_count + 1) * sizeof *floor->rooms);
        struct room *room = &floor->rooms[floor->rooms_count++];
        *room = (struct room){0};
        snprintf(room->channel, sizeof room->channel, "{r:%s}:live", id);
    }
    fclose(file);
    floor->touched = calloc(floor->rooms_count, sizeof *floor->touched);
    hcreate(floor->rooms_count * 2);
    for (size_t i = 0; i < floor->rooms_count; i++) {
        hsearch((ENTRY){.key = floor->rooms[i].channel, .data = &floor->rooms[i]}, ENTER);
    }
}

static struct room *room_asked_for(const struct floor *floor, const char *request) {
    char id[33], channel[48];
    const char *line = strstr(request, "?room=");
    if (line == NULL || sscanf(line + 6, "%32[a-z0-9]", id) != 1) {
        return &floor->rooms[0];
    }
    snprintf(channel, sizeof channel, "{r:%s}:live", id);
    return room_by(channel);
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

static void add_socket(struct room *room, int fd) {
    if (room->count == room->capacity) {
        room->capacity = room->capacity * 2 + 64;
        room->sockets = realloc(room->sockets, room->capacity * sizeof *room->sockets);
    }
    room->sockets[room->count++] = fd;
}

static void answer(struct floor *floor, int fd, const char *request) {
    char accept[32], text[160];
    struct room *room = room_asked_for(floor, request);
    if (room == NULL || !accept_of(request, accept)) {
        close(fd);
        return;
    }
    int bytes = snprintf(text, sizeof text,
                         "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                         accept);
    address_write(fd, text, (size_t)bytes);
    add_socket(room, fd);
}

static void forget(struct floor *floor, int fd) {
    for (size_t i = 0; i < floor->rooms_count; i++) {
        struct room *room = &floor->rooms[i];
        for (size_t k = 0; k < room->count; k++) {
            if (room->sockets[k] == fd) {
                room->sockets[k] = room->sockets[--room->count];
            }
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

static void send_to_all(struct room *room) {
    for (size_t i = 0; i < room->count; i++) {
        /* blocking; the end of one that has gone is read later */
        (void)!send(room->sockets[i], room->wire, room->bytes, MSG_NOSIGNAL);
    }
    room->bytes = 0;
}

static void append_frame(struct room *room, const char *payload, size_t bytes) {
    size_t needed = room->bytes + FRAME_HEAD_MAX + bytes;
    if (needed > room->space) {
        room->space = needed * 2;
        room->wire = realloc(room->wire, room->space);
    }
    unsigned char *at = room->wire + room->bytes;
    *at++ = 0x81;
    if (bytes < 126) {
        *at++ = (unsigned char)bytes;
    } else {
        *at++ = 126;
        *at++ = (unsigned char)(bytes >> 8);
        *at++ = (unsigned char)bytes;
    }
    memcpy(at, payload, bytes);
    room->bytes = (size_t)(at - room->wire) + bytes;
}

static void on_reply(struct floor *floor, const redisReply *reply) {
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 3 ||
        strcmp(reply->element[0]->str, "message") != 0) {
        return;
    }
    if ((size_t)reply->element[2]->len > UINT16_MAX) {
        errx(1, "a message beyond 65,535 bytes");
    }
    struct room *room = floor->rooms_count == 1 ? floor->rooms : room_by(reply->element[1]->str);
    if (room->bytes == 0) {
        floor->touched[floor->touched_count++] = room;
    }
    append_frame(room, reply->element[2]->str, (size_t)reply->element[2]->len);
    if (!floor->coalesce) {
        floor->touched_count = 0;
        send_to_all(room);
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
    while (floor->touched_count > 0) {
        send_to_all(floor->touched[--floor->touched_count]);
    }
}

static void subscribe(struct floor *floor, const char *redis) {
    struct address address = address_of(redis);
    floor->redis = address_connect(&address, 0);
    if (floor->redis < 0) {
        err(1, "%s", redis);
    }
    for (size_t i = 0; i < floor->rooms_count; i++) {
        char command[80];
        int bytes = snprintf(command, sizeof command, "SUBSCRIBE %s\r\n", floor->rooms[i].channel);
        address_write(floor->redis, command, (size_t)bytes);
    }
    floor->reader = redisReaderCreate();
}

/* --- its life --- */

/* Another worker may have been quicker. One that is full leaves the rest to the others. */
static void on_newcomer(struct floor *floor) {
    int fd = accept(floor->listener, NULL, NULL);
    if (fd >= 0) {
        watch(floor, fd);
        if (++floor->sockets == SOCKETS_MAX) {
            epoll_ctl(floor->epoll, EPOLL_CTL_DEL, floor->listener, NULL);
        }
    }
}

static void run(struct floor *floor, const char *redis) {
    struct epoll_event events[EVENTS];
    floor->epoll = epoll_create1(EPOLL_CLOEXEC);
    subscribe(floor, redis);
    watch(floor, floor->redis);
    watch(floor, floor->listener);
    for (;;) {
        int count = epoll_wait(floor->epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == floor->redis) {
                on_redis(floor);
            } else if (fd == floor->listener) {
                on_newcomer(floor);
            } else {
                on_socket(floor, fd);
            }
        }
    }
}

static void raise_descriptors(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"coalesce", no_argument, NULL, 'C'},     {"workers", required_argument, NULL, 'w'},
        {"redis", required_argument, NULL, 'r'},  {"rooms", required_argument, NULL, 'R'},
        {"listen", required_argument, NULL, 'l'}, {0}};
    struct floor floor = {0};
    const char *redis = NULL, *rooms = NULL, *listen = NULL;
    int workers = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'C':
            floor.coalesce = true;
            break;
        case 'w':
            workers = atoi(optarg);
            break;
        case 'r':
            redis = optarg;
            break;
        case 'R':
            rooms = optarg;
            break;
        case 'l':
            listen = optarg;
            break;
        default:
            return 2;
        }
    }
    if (redis == NULL || rooms == NULL || listen == NULL) {
        errx(2, "--redis, --rooms and --listen are needed");
    }
    raise_descriptors();
    read_rooms(&floor, rooms);
    struct address address = address_of(listen);
    floor.listener = address_listen(&address);
    for (int i = 1; i < workers; i++) {
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            break;
        }
    }
    run(&floor, redis);
}
