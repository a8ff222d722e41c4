/*
 * credentials: guard, store and hasher in the order in which a presented password meets them.
 */
#include "credentials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Makes a hash anew that was made with less effort than today's; not if somebody has changed the
 * password meanwhile. */
static enum sc_error renew(struct exchange *x, const char *user, const struct form_value *password,
                           char hash[HASHER_HASH_MAX]) {
    char fresh[HASHER_HASH_MAX];
    const struct account_password wish = {
        .user = user, .old_hash = hash, .text = password->text, .bytes = password->bytes};
    enum sc_error error = account_set_password(x->site, x->link, &wish, fresh);
    if (error == SC_OK) {
        memcpy(hash, fresh, sizeof fresh);
    }
    return error == SC_CONFLICT ? SC_BAD_CREDENTIALS : SC_OK;
}

enum sc_error credentials_check(struct exchange *x, const char *folded, const char *user,
                                const struct form_value *password, char hash_out[HASHER_HASH_MAX]) {
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
    if (error == SC_OK) {
        snprintf(hash_out, HASHER_HASH_MAX, "%s", secret.hash);
    }
    if (error == SC_OK && hasher_is_outdated(hash_out)) {
        error = renew(x, user, password, hash_out);
    }
    if (error == SC_BAD_CREDENTIALS || error == SC_RATE_LIMITED) {
        handle_note(x, "login_refused", "account", user[0] ? user : NULL);
    }
    free(secret.hash);
    return error;
}
