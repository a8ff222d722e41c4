/*
 * credentials: guard, store and hasher in the order in which a presented password meets them.
 */
#include "credentials.h"

#include <stdlib.h>

#include "account.h"
#include "guard.h"
#include "handle.h"
#include "store_users.h"

static enum sc_error compare(struct exchange *x, const struct store_secret *secret,
                             const struct form_value *password) {
    enum sc_error error =
        hasher_verify(&x->site->hasher, secret->hash, password->text, password->bytes);
    return secret->disabled ? SC_BAD_CREDENTIALS : error;
}

enum sc_error credentials_check(struct exchange *x, const char *folded, const char *user,
                                const struct form_value *password) {
    struct store_secret secret = {.hash = NULL};
    enum sc_error error = guard_enter(x, folded);
    if (error == SC_OK) {
        error = store_secret(x->link, user, &secret);
    }
    if (error == SC_OK) {
        error = compare(x, &secret, password);
    }
    if (error == SC_OK) {
        guard_pass(x, folded);
    }
    if (error == SC_OK && hasher_is_outdated(secret.hash)) {
        account_set_password(x->site, x->link, user, password->text, password->bytes);
    }
    if (error == SC_BAD_CREDENTIALS || error == SC_RATE_LIMITED) {
        handle_note(x, "login_refused", "account", user[0] ? user : NULL);
    }
    free(secret.hash);
    return error;
}
