/*
 * chore_guests: forgets guests who have gone for good.
 *
 * Each guest has a time at which to look after them. Who was seen meanwhile gets a later one; who
 * was not leaves all rooms, and the account is erased. What they said stays, as from a deleted
 * user.
 */
#include "chore.h"

#include <stonechat/log.h>

#include "account.h"
#include "store_guests.h"
#include "store_tokens.h"
#include "store_users.h"

enum { AT_ONCE = 8, TOUCH_MS = 60000 };

static enum sc_error forget(struct link *link, const char *id) {
    struct user user;
    enum sc_error error = store_user(link, id, &user);
    if (error == SC_NOT_FOUND) {
        return SC_OK;
    }
    if (error != SC_OK) {
        return error;
    }
    error = account_close(link, &user);
    user_deinit(&user);
    if (error == SC_OK) {
        sc_log(SC_LOG_INFO, "guest_forgotten", "account", id, NULL);
    }
    return error == SC_NOT_FOUND ? SC_OK : error;
}

/* A session notes its use this late (session_check.lua). */
static int64_t touch_ms(const struct sc_settings *settings) {
    int64_t quarter_ms = settings->accounts_session_idle_s * 1000 / 4;
    return quarter_ms < TOUCH_MS ? quarter_ms : TOUCH_MS;
}

static enum sc_error look_after(struct link *link, const struct sc_settings *settings,
                                const char *id, int64_t now_ms) {
    int64_t left_ms = 0;
    enum sc_error error =
        store_guest_left(link, id, settings->accounts_guest_s * 1000, touch_ms(settings), &left_ms);
    if (error == SC_OK && left_ms > 0) {
        return store_guest_note(link, id, now_ms + left_ms);
    }
    if (error == SC_OK) {
        error = forget(link, id);
    }
    return error == SC_OK || error == SC_NOT_FOUND ? store_guest_drop(link, id) : error;
}

enum sc_error chore_guests(struct link *link, const struct sc_settings *settings, bool *more_out) {
    int64_t now_ms;
    struct answer due = {NULL};
    enum sc_error error = store_time(link, &now_ms);
    if (error == SC_OK) {
        error = store_guests_due(link, now_ms, AT_ONCE, &due);
    }
    size_t count = error == SC_OK ? answer_count(&due) : 0;
    for (size_t i = 0; error == SC_OK && i < count; i++) {
        link_extend(link);
        error = look_after(link, settings, answer_text(&due, i, NULL), now_ms);
    }
    *more_out = count == AT_ONCE;
    answer_deinit(&due);
    return error;
}
