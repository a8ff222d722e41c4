/*
 * store_erasures: what is left to be erased of accounts that are closed.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_ERASURES_H
#define FCGI_STORE_ERASURES_H

#include <stdbool.h>

#include <stonechat/event.h>

#include "link.h"

/* Notes, before an account is closed, what is to become of its messages: keep or erase. With
 * `unless_noted` an earlier note stands. */
enum sc_error store_erasure_note(struct link *link, const char *user, const char *messages,
                                 bool unless_noted);
/* All notes: rows user, keep or erase, user, ... */
enum sc_error store_erasures(struct link *link, struct answer *out);
/* Takes the note away. */
enum sc_error store_erasure_end(struct link *link, const char *user);

struct store_erasure {
    char room[SC_ID_MAX + 1]; /* "": there is none left */
    int64_t seq;              /* up to which it is done there */
};
/* A room that the user is to be erased from. NOT_FOUND when the account isn't closed. */
enum sc_error store_erasure_next(struct link *link, const char *user, struct store_erasure *out);
/* One bounded piece of it, in which `at` moves on; whether there is more is noted, and `more_out`.
 */
enum sc_error store_log_erase(struct link *link, const struct sc_person *person,
                              const char *messages, struct store_erasure *at, bool *more_out);

#endif
