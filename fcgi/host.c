/*
 * host: from a token to an account, in the order verify, find or open, use up.
 *
 * Who they are is issuer and subject together: the hash of both leads to the id of their account,
 * also before that is written. Of two sign-ins at the same instant both work for the id that came
 * first, and what one has done the other finds done; so does the next one after an outage.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>

#include "account.h"
#include "handle.h"
#include "rate.h"
#include "store_names.h"
#include "store_tokens.h"
#include "store_users.h"

static enum sc_error refuse(struct exchange *x, enum jwt_fault fault) {
    handle_note(x, "login_refused", "token", jwt_fault_word(fault));
    return SC_BAD_CREDENTIALS;
}

static enum sc_error verify(struct exchange *x, const struct form_value *token,
                            struct jwt_claims *claims) {
    int64_t now_ms;
    enum sc_error error = store_time(x->link, &now_ms);
    if (error != SC_OK) {
        return error;
    }
    enum jwt_fault fault =
        jwt_verify(&x->site->jwt, token->text, token->bytes, now_ms / 1000, claims);
    return fault == JWT_FINE ? SC_OK : refuse(x, fault);
}

/* The id that the subject has, or has from now on: also where its account is not written yet. */
static enum sc_error find(struct link *link, const char *owner, char id[SC_ID_MAX + 1]) {
    enum sc_error error = store_name_find(link, STORE_SUBJECT, owner, id);
    if (error != SC_OK || id[0]) {
        return error;
    }
    sc_id_new(id);
    error = store_name_claim(link, STORE_SUBJECT, owner, id);
    if (error == SC_OK) {
        error = store_name_keep(link, STORE_SUBJECT, owner, id);
    }
    return error == SC_NAME_TAKEN ? store_name_find(link, STORE_SUBJECT, owner, id) : error;
}

/* As long as a display name may be. */
static char *display_new(const struct exchange *x, const struct jwt_claims *claims) {
    char *display = sc_xstrdup(claims->display ? claims->display : claims->name);
    size_t bytes = strlen(display);
    while (sc_utf8_length(display, bytes) > (size_t)x->site->settings->limits_display_chars) {
        do {
            bytes--;
        } while (((unsigned char)display[bytes] & 0xc0) == 0x80);
    }
    display[bytes] = '\0';
    return display;
}

static enum sc_error admit(struct exchange *x, const struct jwt_claims *claims, const char *id,
                           const char *display, struct user *user_out) {
    const struct account_guise guise = {.id = id,
                                        .like = claims->name,
                                        .display = display,
                                        .role = "member",
                                        .subject = claims->owner};
    enum sc_error error = store_user(x->link, id, user_out);
    if (error != SC_NOT_FOUND) {
        return error;
    }
    error = account_admit(x->site, x->link, &guise, user_out);
    if (error == SC_OK) {
        handle_note(x, "registration", "account", id);
    }
    return error;
}

/* What the site says of the display name counts when it says something new: people may change it
 * here meanwhile. */
static enum sc_error follow_display(struct exchange *x, const char *display, struct user *user) {
    char *vouched;
    enum sc_error error = store_account_get(x->link, user->id, "vouched", &vouched);
    bool is_new = error == SC_OK && strcmp(vouched, display) != 0;
    free(vouched);
    if (!is_new) {
        return error;
    }
    error = account_set_display(x->link, user, display);
    if (error == SC_OK) {
        error = store_account_set(x->link, user->id, "vouched", display);
    }
    free(user->display);
    user->display = sc_xstrdup(display);
    return error;
}

/* Remembered until it has expired. */
static enum sc_error use_up(struct exchange *x, const struct jwt_claims *claims) {
    const struct sc_settings *settings = x->site->settings;
    int64_t left_s = claims->expires_at_s - claims->verified_at_s + settings->accounts_jwt_leeway_s;
    if (settings->accounts_jwt_replay) {
        return SC_OK;
    }
    enum sc_error error = store_token_use(x->link, claims->once, (left_s + 1) * 1000);
    return error == SC_CONFLICT ? refuse(x, JWT_USED) : error;
}

/* Used up once there is an account, so that whoever is told to try again can. */
static enum sc_error enter(struct exchange *x, const struct jwt_claims *claims,
                           struct user *user_out) {
    char id[SC_ID_MAX + 1];
    char *display = display_new(x, claims);
    enum sc_error error = find(x->link, claims->owner, id);
    if (error == SC_OK) {
        error = admit(x, claims, id, display, user_out);
    }
    if (error == SC_OK) {
        error = use_up(x, claims);
    }
    if (error == SC_OK) {
        error = follow_display(x, display, user_out);
    }
    free(display);
    bool may_go_next_time = error == SC_CONFLICT || error == SC_NAME_TAKEN;
    return may_go_next_time ? SC_BUSY : error;
}

enum sc_error host_sign_in(struct exchange *x, const struct form_value *token,
                           struct user *user_out) {
    struct jwt_claims claims = {.root = NULL};
    *user_out = (struct user){.id = ""};
    enum sc_error error = jwt_is_on(&x->site->jwt) ? SC_OK : SC_SIGN_IN_CLOSED;
    if (error == SC_OK) {
        error = rate_use(x, RATE_LOGINS);
    }
    if (error == SC_OK) {
        error = verify(x, token, &claims);
    }
    if (error == SC_OK) {
        error = enter(x, &claims, user_out);
    }
    if (error == SC_OK) {
        rate_undo(x, RATE_LOGINS); /* failures are what counts */
    } else {
        user_deinit(user_out);
    }
    jwt_claims_deinit(&claims);
    return error;
}
