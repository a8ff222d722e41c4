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
};

/* Whether a name is kept from those who register themselves: admin, everyone, ... */
bool account_name_is_reserved(const char *folded);

/* NAME_TAKEN, or BUSY when too many passwords are being hashed. */
enum sc_error account_open(struct site *site, struct link *link, const struct account_wish *wish,
                           struct user *user_out);

/* What every account has beyond itself: its name kept, its places in the index, the lobby. Done
 * when it is opened and again at each sign-in, which heals what an outage cut short. */
enum sc_error account_settle(struct site *site, struct link *link, const struct user *user);

/* Leaves all rooms, gives the name back and erases the account; its messages stay. The sessions
 * end last, so that whoever was interrupted can ask again. */
enum sc_error account_close(struct link *link, const struct user *user);

/* Sets a new password. With a place in the hasher taken. */
enum sc_error account_set_password(struct site *site, struct link *link, const char *user,
                                   const char *password, size_t bytes);

/* Keeps the index in step with a display name. */
enum sc_error account_set_display(struct link *link, const struct user *user, const char *display);

#endif
