/*
 * store_retention: the rooms there are, and letting the oldest of their logs go.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_RETENTION_H
#define FCGI_STORE_RETENTION_H

#include <stdbool.h>

#include <stonechat/limits.h>

#include "link.h"

enum { STORE_CURSOR_CHARS = 24 };

/* Some of all rooms, those that are there all the while at least once in a walk. */
struct store_rooms_page {
    struct answer answer;
    char next[STORE_CURSOR_CHARS]; /* the cursor to go on with; "0": that was the last page */
    size_t count;
};
/* `cursor` "0": the first. The page is to be given back whatever is returned. */
enum sc_error store_rooms_page(struct link *link, const char *cursor,
                               struct store_rooms_page *page_out);
void store_rooms_page_deinit(struct store_rooms_page *page);
/* The id of the page's room `i`; false when that was none. */
bool store_rooms_page_id(const struct store_rooms_page *page, size_t i, char id_out[SC_ID_MAX + 1]);

/* What the site keeps; 0: for ever. */
struct store_keep {
    int64_t days;
    int64_t messages;
};
/* One bounded piece: how many entries went, and whether others are to go. */
enum sc_error store_log_trim(struct link *link, const char *room, const struct store_keep *keep,
                             int64_t *count_out, bool *more_out);

#endif
