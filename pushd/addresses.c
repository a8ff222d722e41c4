/*
 * addresses: the cells, and how an address falls on them (see addresses.h).
 *
 * The key is a keyed hash, with one secret for all workers: nobody outside can look for addresses
 * that share their cells with somebody else's. Each row takes some of its bits.
 */
#include "addresses.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ROWS = 4, CELL_BITS = 13, CELLS = 1 << CELL_BITS, NETWORK_BYTES = 8 };

typedef _Atomic uint32_t cell;

struct sketch {
    cell cells[ROWS][CELLS];
};

static struct sketch own; /* of a process that shares with nobody */
static struct sketch *sketches = &own, *mine = &own;
static size_t sketches_count = 1;
static unsigned char secret[crypto_shorthash_KEYBYTES];

/* --- places --- */

void addresses_share(size_t workers) {
    int flags = MAP_SHARED | MAP_ANONYMOUS;
    sketches = mmap(NULL, workers * sizeof *sketches, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (sketches == MAP_FAILED) {
        abort();
    }
    sketches_count = workers;
    crypto_shorthash_keygen(secret);
}

void addresses_begin(size_t worker) {
    mine = &sketches[worker];
}

void addresses_end(size_t worker) {
    memset(&sketches[worker], 0, sizeof *sketches);
}

/* --- keys --- */

/* The bytes that one customer has: an IPv6 network, or an IPv4 address behind zeros. */
static bool read_network(const char *text, unsigned char out[NETWORK_BYTES]) {
    struct in6_addr six;
    memset(out, 0, NETWORK_BYTES);
    if (inet_pton(AF_INET, text, out + 4) == 1) {
        return true;
    }
    if (inet_pton(AF_INET6, text, &six) != 1) {
        return false;
    }
    if (IN6_IS_ADDR_V4MAPPED(&six)) {
        memcpy(out + 4, six.s6_addr + 12, 4);
    } else {
        memcpy(out, six.s6_addr, NETWORK_BYTES);
    }
    return true;
}

uint64_t address_key(const char *text, size_t bytes) {
    char name[INET6_ADDRSTRLEN];
    unsigned char network[NETWORK_BYTES];
    uint64_t key;
    if (bytes == 0 || bytes >= sizeof name) {
        return 0;
    }
    memcpy(name, text, bytes);
    name[bytes] = '\0';
    if (!read_network(name, network)) {
        return 0;
    }
    crypto_shorthash((unsigned char *)&key, network, sizeof network, secret);
    return key != 0 ? key : 1;
}

/* --- counting --- */

static cell *cell_of(struct sketch *sketch, uint64_t key, unsigned row) {
    return &sketch->cells[row][key >> row * CELL_BITS & (CELLS - 1)];
}

static void add(uint64_t key, uint32_t count) {
    for (unsigned row = 0; row < ROWS; row++) {
        cell *at = cell_of(mine, key, row);
        atomic_store(at, atomic_load_explicit(at, memory_order_relaxed) + count);
    }
}

static uint64_t sum_of(uint64_t key, unsigned row) {
    uint64_t sum = 0;
    for (size_t i = 0; i < sketches_count; i++) {
        sum += atomic_load(cell_of(&sketches[i], key, row));
    }
    return sum;
}

static uint64_t estimate(uint64_t key) {
    uint64_t least = sum_of(key, 0);
    for (unsigned row = 1; row < ROWS; row++) {
        uint64_t sum = sum_of(key, row);
        least = sum < least ? sum : least;
    }
    return least;
}

/* Counted before it is looked at: of two workers that do so at once, at least one sees both. */
bool addresses_enter(uint64_t key, int64_t most) {
    if (key == 0) {
        return true;
    }
    add(key, 1);
    if (most != 0 && estimate(key) > (uint64_t)most) {
        addresses_leave(key);
        return false;
    }
    return true;
}

void addresses_leave(uint64_t key) {
    if (key != 0) {
        add(key, (uint32_t)-1);
    }
}
