/*
 * dial: sockets that no child inherits and that notice when the other end is gone (see dial.h).
 *
 * Used by link and finder. Knows nothing of what is said on the connection.
 */
#include "dial.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <stonechat/log.h>

static bool dial(struct bufferevent *stream, int fd, const struct sockaddr *to, socklen_t bytes) {
    return fd >= 0 && bufferevent_setfd(stream, fd) == 0 &&
           bufferevent_socket_connect(stream, to, (int)bytes) == 0;
}

bool dial_unix(struct bufferevent *stream, const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        return false;
    }
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return dial(stream, fd, (struct sockaddr *)&address, sizeof address);
}

static void set(int fd, int level, int name, int value) {
    setsockopt(fd, level, name, &value, sizeof value);
}

/* What was sent and isn't acknowledged is waited for as long as an answer is; on a link that only
 * listens, the kernel asks now and then. */
static void tune(int fd, int64_t silent_ms) {
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 2);
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPCNT, 2);
    set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, (int)silent_ms);
}

static const struct addrinfo *pick(const struct addrinfo *all, unsigned attempt) {
    unsigned count = 0;
    for (const struct addrinfo *one = all; one != NULL; one = one->ai_next) {
        count++;
    }
    for (attempt = count > 0 ? attempt % count : 0; attempt > 0; attempt--) {
        all = all->ai_next;
    }
    return all;
}

bool dial_tcp(struct bufferevent *stream, const struct sc_address *address, unsigned attempt,
              int64_t silent_ms) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(address->host, sc_log_number(address->port), &hints, &found) != 0) {
        return false;
    }
    const struct addrinfo *to = pick(found, attempt);
    int fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    tune(fd, silent_ms);
    bool fine = dial(stream, fd, to->ai_addr, to->ai_addrlen);
    freeaddrinfo(found);
    return fine;
}
