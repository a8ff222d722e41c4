/*
 * store_export: a room's whole log, a piece at a time.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call.
 */
#ifndef FCGI_STORE_EXPORT_H
#define FCGI_STORE_EXPORT_H

#include <stdbool.h>

#include "link.h"

struct store_export {
    const char *room;
    const char *user;
    bool admin;   /* of the site */
    int64_t seq;  /* where the piece begins */
    int64_t last; /* where the export ends; 0: at what is the newest entry now */
};
/* The rows of log_export.lua's answer; entries from EXPORT_ENTRIES on. */
enum store_export_row { EXPORT_LAST = 1, EXPORT_NEXT, EXPORT_ENTRIES };
enum sc_error store_export_piece(struct link *link, const struct store_export *piece,
                                 struct answer *out);

#endif
