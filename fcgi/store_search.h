/*
 * store_search: reading logs for what is sought in them, and the index that tells where to look.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_SEARCH_H
#define FCGI_STORE_SEARCH_H

#include "gram.h"
#include "link.h"

/* The rows of search_place.lua's answer. */
enum store_place { PLACE_HEAD = 1, PLACE_INDEXED, PLACE_TRIMMED, PLACE_SEQ, PLACE_AT };

/* Questions that are parts of batches. `before` and `at` 0: no bound; `user` "": the program. */
void store_search_place_ask(struct ask *ask, const char *room, const char *user, int64_t before,
                            int64_t at);
/* Rows from 1 on: entry, fold, entry, fold, ... */
void store_search_block_ask(struct ask *ask, const char *room, const char *user, int64_t low,
                            int64_t high);
/* A row a gram: the segment's blocks, one byte each, that hold it; nil: none. */
void store_grams_ask(struct ask *ask, const char *room, int64_t segment, const struct gram *grams,
                     size_t count);

/* Where the room's log ends, and how many blocks of it are in the index. NOT_FOUND. */
enum sc_error store_grams_state(struct link *link, const char *room, int64_t *head_out,
                                int64_t *indexed_out);

/* Grams of one segment and their blocks, as index_add.lua has them. CONFLICT when the log hasn't
 * come to entry `need` yet. */
struct store_grams {
    const char *room;
    int64_t segment;
    const char *rows;
    size_t rows_bytes;
    int64_t need;
    int64_t done; /* blocks of the room in the index after this; 0: as many as before */
};
enum sc_error store_grams_add(struct link *link, const struct store_grams *grams);

#endif
