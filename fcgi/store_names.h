/*
 * store_names: names that are owned, and the indexes in which they are found.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_NAMES_H
#define FCGI_STORE_NAMES_H

#include <stdbool.h>

#include <stonechat/limits.h>

#include "link.h"

/* A host site's user is found by the hash of who they are there. It stands in no index. */
enum store_name { STORE_USER_NAME, STORE_ROOM_NAME, STORE_SUBJECT };

/* Reserves a folded name for a while, unless the id has it already; NAME_TAKEN. */
enum sc_error store_name_claim(struct link *link, enum store_name kind, const char *folded,
                               const char *id);
/* CONFLICT: the reservation had run out. */
enum sc_error store_name_keep(struct link *link, enum store_name kind, const char *folded,
                              const char *id);
enum sc_error store_name_release(struct link *link, enum store_name kind, const char *folded,
                                 const char *id);
/* The id that owns the name, "" when none does. */
enum sc_error store_name_find(struct link *link, enum store_name kind, const char *folded,
                              char id_out[SC_ID_MAX + 1]);
/* The same of many names at once; ids are "" where nobody owns the name. */
struct store_id {
    char text[SC_ID_MAX + 1];
};
enum sc_error store_names_find(struct link *link, enum store_name kind, const char *const *folded,
                               size_t count, struct store_id *ids_out);

enum sc_error store_index_add(struct link *link, enum store_name kind, const char *folded,
                              const char *id);
enum sc_error store_index_remove(struct link *link, enum store_name kind, const char *folded,
                                 const char *id);
/* Adds to an index that is empty; CONFLICT where it isn't. */
enum sc_error store_index_begin(struct link *link, enum store_name kind, const char *folded,
                                const char *id);
enum sc_error store_index_is_empty(struct link *link, enum store_name kind, bool *out);
/* Members of the index that begin with `prefix`, after the member `after` ("": from the first), at
 * most `most`. Each row of the answer is FOLDED\x01ID: store_index_id. */
enum sc_error store_index_page(struct link *link, enum store_name kind, const char *prefix,
                               const char *after, int64_t most, struct answer *out);
/* The id in a member; "" when it holds none. */
const char *store_index_id(const char *member);

#endif
