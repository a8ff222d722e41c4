/*
 * store_guests: who is a guest, and when to look after them.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_GUESTS_H
#define FCGI_STORE_GUESTS_H

#include "link.h"

/* To be looked after at the ms `due_ms`; what was noted before is forgotten. */
enum sc_error store_guest_note(struct link *link, const char *user, int64_t due_ms);
enum sc_error store_guest_drop(struct link *link, const char *user);
/* Rows: the ids of at most `most` guests who are due by `now_ms`, the longest due first. */
enum sc_error store_guests_due(struct link *link, int64_t now_ms, int64_t most, struct answer *out);
/* For how long yet a guest is remembered, 0: no longer; NOT_FOUND when it is none. */
enum sc_error store_guest_left(struct link *link, const char *user, int64_t guest_ms,
                               int64_t lag_ms, int64_t *left_ms_out);

#endif
