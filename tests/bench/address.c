/*
 * address: sockets by a word (see address.h).
 */
#include "address.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

enum { PORTS_OF_ONE = 20000, BACKLOG = 4096 };

static struct address unix_address(const char *path) {
    struct address address = {.bytes = sizeof(struct sockaddr_un)};
    struct sockaddr_un *name = (struct sockaddr_un *)&address.name;
    if (strlen(path) >= sizeof name->sun_path) {
        errx(2, "%s: too long for a socket's path", path);
    }
    name->sun_family = AF_UNIX;
    strcpy(name->sun_path, path);
    return address;
}

struct address address_of(const char *word) {
    const char *colon = strrchr(word, ':');
    if (strchr(word, '/') != NULL || colon == NULL) {
        return unix_address(word);
    }
    struct address address = {.bytes = sizeof(struct sockaddr_in)};
    struct sockaddr_in *name = (struct sockaddr_in *)&address.name;
    char ip[16] = {0};
    memcpy(ip, word, (size_t)(colon - word) < sizeof ip ? (size_t)(colon - word) : sizeof ip - 1);
    name->sin_family = AF_INET;
    name->sin_port = htons((uint16_t)atoi(colon + 1));
    if (inet_pton(AF_INET, ip, &name->sin_addr) != 1) {
        errx(2, "%s: neither a path nor IP:PORT", word);
    }
    return address;
}

static void choose_source(int fd, unsigned index) {
    struct sockaddr_in source = {.sin_family = AF_INET};
    int on = 1;
    source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + index / PORTS_OF_ONE);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    bind(fd, (struct sockaddr *)&source, sizeof source);
}

static int connect_with(const struct address *address, unsigned index, int flags) {
    int fd = socket(address->name.ss_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (fd < 0) {
        return -1;
    }
    if (address->name.ss_family == AF_INET) {
        choose_source(fd, index);
    }
    if (connect(fd, (const struct sockaddr *)&address->name, address->bytes) != 0) {
        int why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

int address_connect(const struct address *address, unsigned index) {
    return connect_with(address, index, 0);
}

int address_try(const struct address *address, unsigned index) {
    return connect_with(address, index, address->name.ss_family == AF_UNIX ? SOCK_NONBLOCK : 0);
}

int address_listen(const struct address *address) {
    int fd = socket(address->name.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (address->name.ss_family == AF_UNIX) {
        unlink(((const struct sockaddr_un *)&address->name)->sun_path);
    } else {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    }
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address->name, address->bytes) != 0 ||
        listen(fd, BACKLOG) != 0) {
        err(1, "listen");
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

void address_write(int fd, const void *bytes, size_t count) {
    for (const char *at = bytes; count > 0;) {
        ssize_t written = send(fd, at, count, MSG_NOSIGNAL);
        if (written < 0) {
            err(1, "write");
        }
        at += written;
        count -= (size_t)written;
    }
}
