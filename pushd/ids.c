/*
 * ids: copies, in the order in which they came (see ids.h).
 */
#include "ids.h"

#include <stdlib.h>

#include <stonechat/memory.h>

void ids_add(struct ids *ids, const char *id) {
    if (ids->count == ids->capacity) {
        ids->capacity = ids->capacity == 0 ? 8 : ids->capacity * 2;
        ids->list = sc_xrealloc(ids->list, ids->capacity * sizeof *ids->list);
    }
    ids->list[ids->count++] = sc_xstrdup(id);
}

void ids_clear(struct ids *ids) {
    for (size_t i = 0; i < ids->count; i++) {
        free(ids->list[i]);
    }
    free(ids->list);
    *ids = (struct ids){.list = NULL};
}
