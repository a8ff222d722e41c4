/*
 * chore_erasures: who has closed their account is named nowhere any more, and their messages are
 * gone where they wished so.
 *
 * The account itself is gone at once (account.c); what stands in the logs of the rooms that they
 * were ever in is walked here, a bounded piece at a time. Each piece notes how far it came, so that
 * another turn, or another instance, goes on there.
 */
#include "chore.h"

#include <stdio.h>

#include <stonechat/log.h>

#include "store_erasures.h"
#include "user.h"

enum { PIECES_A_TURN = 20 };

static enum sc_error finish(struct link *link, const char *user) {
    enum sc_error error = store_erasure_end(link, user);
    if (error == SC_OK) {
        sc_log(SC_LOG_INFO, "account_erased", "user", user, NULL);
    }
    return error;
}

static enum sc_error erase_room(struct link *link, const char *user, const char *messages,
                                struct store_erasure *at, int *left) {
    const struct sc_person person = user_nobody(user);
    enum sc_error error = SC_OK;
    bool more = true;
    for (; error == SC_OK && more && *left > 0; --*left) {
        link_extend(link);
        error = store_log_erase(link, &person, messages, at, &more);
    }
    return error;
}

/* An account that is there yet is about to be closed; or that came to nothing, then it stays. */
static enum sc_error erase_user(struct link *link, const char *user, const char *messages,
                                int *left) {
    enum sc_error error = SC_OK;
    while (error == SC_OK && *left > 0) {
        struct store_erasure at;
        link_extend(link);
        error = store_erasure_next(link, user, &at);
        if (error == SC_OK && at.room[0] == '\0') {
            return finish(link, user);
        }
        if (error == SC_OK) {
            error = erase_room(link, user, messages, &at, left);
        }
    }
    return error == SC_NOT_FOUND ? SC_OK : error;
}

enum sc_error chore_erasures(struct link *link, const struct sc_settings *settings,
                             bool *more_out) {
    (void)settings;
    int left = PIECES_A_TURN;
    struct answer notes;
    enum sc_error error = store_erasures(link, &notes);
    for (size_t i = 0; error == SC_OK && left > 0 && i + 1 < answer_count(&notes); i += 2) {
        error =
            erase_user(link, answer_text(&notes, i, NULL), answer_text(&notes, i + 1, NULL), &left);
    }
    *more_out = left == 0;
    answer_deinit(&notes);
    return error;
}
