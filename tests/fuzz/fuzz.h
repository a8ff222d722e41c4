/*
 * fuzz: what every fuzz target includes.
 *
 * A target is one file, tests/fuzz/HALF/fuzz_NOUN.c, with one function that libFuzzer calls with
 * bytes it has made up from the seeds. The sanitizers see to it that nothing is read, written or
 * kept that should not be; beyond that each target demands what must hold of any bytes at all.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process, which is how libFuzzer learns of it, unless `condition` holds. */
#define demand(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not %s\n", __FILE__, __LINE__, #condition);                    \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* How long the next piece is when `data` comes in pieces and `at` bytes have come: mostly a few
 * bytes, at times many; at least one, never more than there are. Taken from the data itself, so
 * that the fuzzer can move the cuts. */
static inline size_t fuzz_piece(const uint8_t *data, size_t size, size_t at) {
    unsigned dice = data[at] ^ data[size - 1];
    size_t piece = dice < 0xc0 ? 1 + dice % 16 : 1 + (dice & 0x3f) * 64;
    return piece < size - at ? piece : size - at;
}

#endif
