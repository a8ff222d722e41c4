/*
 * cursor: the opaque word with which a list goes on, handed back by anybody.
 *
 * What is taken for a cursor is the very word that we would have made of its place.
 */
#include "fuzz.h"

#include "cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *place = cursor_decode((const char *)data, size);
    if (place != NULL) {
        char *again = cursor_encode(place);
        demand(strlen(again) == size && memcmp(again, data, size) == 0);
        free(again);
        free(place);
    }
    return 0;
}
