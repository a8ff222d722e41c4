/*
 * address: where a server is, as one word: a unix socket's PATH, or IP:PORT.
 */
#ifndef BENCH_ADDRESS_H
#define BENCH_ADDRESS_H

#include <sys/socket.h>

struct address {
    struct sockaddr_storage name;
    socklen_t bytes;
};

/* Ends the program when the word is neither. */
struct address address_of(const char *word);

/* A connected, blocking socket; -1 and errno when that failed. To 127.0.0.0/8 the `index`-th
 * connection goes out from an address that it shares with 20,000 others at most, since one address
 * has no more ports. */
int address_connect(const struct address *address, unsigned index);

/* The same, but errno EAGAIN where a unix socket's queue of newcomers is full, instead of waiting;
 * such a socket doesn't block later, either. */
int address_try(const struct address *address, unsigned index);

/* A listening socket that doesn't block; what was at the path before is removed. */
int address_listen(const struct address *address);

/* Writes all of it or ends the program. */
void address_write(int fd, const void *bytes, size_t count);

#endif
