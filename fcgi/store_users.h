/*
 * store_users: accounts.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's.
 */
#ifndef FCGI_STORE_USERS_H
#define FCGI_STORE_USERS_H

#include <stdbool.h>

#include "link.h"
#include "user.h"

struct store_account {
    const char *id;
    const char *name;
    const char *display;
    const char *role;
    const char *hash;    /* "": no password opens it */
    const char *subject; /* a host site's user: under which they are found; "": none */
    const char *vouched; /* and the display name as that site said it */
};
enum sc_error store_account_open(struct link *link, const struct store_account *account,
                                 uint64_t *created_at_out);
/* Sets one field of the user's hash; NOT_FOUND. */
enum sc_error store_account_set(struct link *link, const char *user, const char *field,
                                const char *value);
/* One field of the user's hash, to be freed; "" where there is none. */
enum sc_error store_account_get(struct link *link, const char *user, const char *field,
                                char **value_out);
/* Until it is enabled again nobody signs in; its sessions are over. NOT_FOUND. */
enum sc_error store_account_disable(struct link *link, const char *user);
/* Who administrates the site, counted so that there is always one: LAST_ADMIN. FORBIDDEN when the
 * `actor` ("": the command line) is none himself any more. */
enum sc_error store_admin_add(struct link *link, const char *user);
enum sc_error store_admin_drop(struct link *link, const char *user, const char *actor);
/* A new password, and with it, in one step, the end of all sessions but `spared` ("": of all).
 * CONFLICT when `old_hash` isn't ("": whatever it is) the present one any more; NOT_FOUND. */
struct store_password {
    const char *old_hash;
    const char *new_hash;
    bool ends_sessions;
    const char *spared;
};
enum sc_error store_account_password(struct link *link, const char *user,
                                     const struct store_password *password);
/* Rows from row 1 on: the rooms that were in the account's list. */
enum sc_error store_account_close(struct link *link, const char *user, struct answer *rooms_out);
/* NOT_FOUND when there is no such account. */
enum sc_error store_user(struct link *link, const char *id, struct user *out);
/* Many at once: `users` of them, whose ids are set; the name of one that is gone stays NULL. */
enum sc_error store_users(struct link *link, struct user *users, size_t count);

struct store_secret {
    char *hash; /* "" where there is no such account */
    bool disabled;
};
/* Asks the same of Redis for an id that is "". The hash is freed by the caller. */
enum sc_error store_secret(struct link *link, const char *user, struct store_secret *out);

#endif
