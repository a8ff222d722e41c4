/*
 * ids: a list of ids that grows, to be told to Redis together.
 */
#ifndef PUSHD_IDS_H
#define PUSHD_IDS_H

#include <stddef.h>

/* Begins as zero. */
struct ids {
    char **list;
    size_t count, capacity;
};

void ids_add(struct ids *ids, const char *id);
/* Empties it and gives its memory back. */
void ids_clear(struct ids *ids);

#endif
