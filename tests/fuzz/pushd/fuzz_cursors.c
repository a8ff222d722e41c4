/*
 * cursors: a Last-Event-ID as anybody may send it.
 *
 * What is read can be written and read again, and is the same then.
 */
#include "fuzz.h"

#include "cursors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct cursors cursors, again;
    char id[CURSORS_ID_MAX], id_again[CURSORS_ID_MAX];
    char *exact = malloc(size + 1);
    memcpy(exact, data, size);
    cursors_init(&cursors);
    cursors_init(&again);
    if (cursors_read(&cursors, exact, size)) {
        size_t bytes = cursors_write(&cursors, id);
        demand(bytes > 0 && cursors_read(&again, id, bytes));
        demand(cursors_write(&again, id_again) == bytes && memcmp(id, id_again, bytes) == 0);
    }
    cursors_deinit(&cursors);
    cursors_deinit(&again);
    free(exact);
    return 0;
}
