/*
 * account: opening and closing one, which takes several steps over several slots.
 */
#ifndef FCGI_ACCOUNT_H
#define FCGI_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include <stonechat/error.h>

#include "link.h"
#include "site.h"
#include "user.h"

struct account_wish {
    const char *name;
    const char *folded; /* its normal form */
    const char *display;
    const char *role;
    const char *password;
    size_t password_bytes;
    bool may_be_first; /* the first account of all is its site's administrator */
};

/* NAME_TAKEN, or BUSY when too many passwords are being hashed. */
enum sc_error account_open(struct site *site, struct link *link, const struct account_wish *wish,
                           struct user *user_out);

/* An account that no password opens, with an id that was chosen beforehand: where there is one with
 * it already, that is it. */
struct account_guise {
    const char *id;
    const char *like; /* what its name is made of */
    const char *display;
    const char *role;
    const char *subject; /* "" or, of a host site's user, under which they are found */
};
enum sc_error account_admit(struct site *site, struct link *link, const struct account_guise *guise,
                            struct user *user_out);

/* What every account has beyond itself: its name kept, its places in the index, the lobby. Done
 * when it is opened and again at each sign-in, which heals what an outage cut short. */
enum sc_error account_settle(struct site *site, struct link *link, const struct user *user);

/* Leaves all rooms, where another becomes the owner if need be, gives the name back and erases the
 * account; a chore takes its name out of the rooms' logs, and its messages, too, where that was
 * noted before (store_erasure_note). LAST_ADMIN as in account_set_role. The sessions end last, so
 * that whoever was interrupted can ask again. */
enum sc_error account_close(struct link *link, const struct user *user);

/* Sets a new password. With a place in the hasher taken. CONFLICT when `old_hash` (NULL: whatever
 * it is) isn't the present one any more. */
struct account_password {
    const char *user;
    const char *old_hash;
    const char *text;
    size_t bytes;
    bool ends_sessions;
    const char *spared; /* the session that goes on; NULL: none */
};
enum sc_error account_set_password(struct site *site, struct link *link,
                                   const struct account_password *password,
                                   char hash_out[HASHER_HASH_MAX]);

/* LAST_ADMIN when nobody would administrate the site any more; FORBIDDEN when the `actor` ("": the
 * command line) has ceased to. A disabled account's sessions and connections end at once. */
enum sc_error account_set_role(struct link *link, const struct user *user, const char *role,
                               const char *actor);
enum sc_error account_set_disabled(struct link *link, const struct user *user, bool disabled,
                                   const char *actor);

/* Keeps the index in step with a display name. */
enum sc_error account_set_display(struct link *link, const struct user *user, const char *display);

#endif
