/*
 * guest: how one comes in. How they go is chore_guests'.
 */
#include "guest.h"

#include <stdio.h>

#include <stonechat/log.h>

#include "account.h"
#include "rate.h"
#include "store_guests.h"
#include "store_tokens.h"

/* Noted first: one that is noted in vain is dropped when it is looked after. */
static enum sc_error note(struct exchange *x, const char *id) {
    int64_t now_ms;
    enum sc_error error = store_time(x->link, &now_ms);
    if (error != SC_OK) {
        return error;
    }
    return store_guest_note(x->link, id, now_ms + x->site->settings->accounts_guest_s * 1000);
}

enum sc_error guest_open(struct exchange *x, const struct form_value *nick, struct user *user_out) {
    char id[SC_ID_MAX + 1], name[SC_ID_MAX + 8];
    sc_id_new(id);
    snprintf(name, sizeof name, "guest-%.8s", id);
    const struct account_guise guise = {
        .id = id, .like = name, .display = nick->text, .role = "guest", .subject = ""};
    enum sc_error error = x->site->settings->accounts_guests ? SC_OK : SC_SIGN_IN_CLOSED;
    if (error == SC_OK) {
        error = rate_use(x, RATE_REGISTRATIONS);
    }
    if (error == SC_OK) {
        error = note(x, id);
    }
    if (error == SC_OK) {
        error = account_admit(x->site, x->link, &guise, user_out);
    }
    if (error == SC_OK) {
        sc_log(SC_LOG_INFO, "guest_opened", "account", id, "address", x->request.address, NULL);
    }
    return error;
}
