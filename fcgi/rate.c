/*
 * rate: from a row of the table to a sliding window in Redis.
 *
 * route charges what a route's row names, on credit where there is some; guard charges logins,
 * always before, and takes back those that were good.
 */
#include "rate.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "exchange.h"
#include "store_rates.h"

enum whose { USER, ADDRESS, ROOM, HOOK };

static const struct row {
    const char *word;
    enum whose whose;
    size_t setting;
    int64_t window_ms;
} rows[] = {
#define X(name, word, whose, setting, window)                                                      \
    [RATE_##name] = {word, whose, offsetof(struct sc_settings, setting), window},
    RATES(X)
#undef X
};

void rate_address(const char *address, char out[64]) {
    struct in6_addr six;
    struct in_addr four;
    if (inet_pton(AF_INET, address, &four) == 1) {
        snprintf(out, 64, "%s", address);
    } else if (inet_pton(AF_INET6, address, &six) == 1) {
        memset(six.s6_addr + 8, 0, 8);
        inet_ntop(AF_INET6, &six, out, 64);
    } else {
        snprintf(out, 64, "local");
    }
}

static struct sc_key key_of(const struct exchange *x, const struct row *row) {
    char address[64];
    if (row->whose == USER) {
        return sc_key(SC_KEY_USER_RATE, x->session.user.id, row->word);
    }
    if (row->whose == ROOM) {
        return sc_key(SC_KEY_ROOM_RATE, x->arguments[0], row->word);
    }
    rate_address(x->request.address, address);
    return sc_key(SC_KEY_ADDRESS_RATE, row->word, address);
}

/* What guests may do less often than members. */
static const struct {
    size_t setting, of_guests;
} less[] = {
    {offsetof(struct sc_settings, limits_messages_per_10s),
     offsetof(struct sc_settings, limits_guest_messages_per_10s)},
};

static size_t setting_of(const struct exchange *x, const struct row *row) {
    bool by_guest = x->session.by != CREDENTIALS_NONE && user_is_guest(&x->session.user);
    for (size_t i = 0; by_guest && i < sizeof less / sizeof *less; i++) {
        if (less[i].setting == row->setting) {
            return less[i].of_guests;
        }
    }
    return row->setting;
}

static int64_t most_of(const struct exchange *x, const struct row *row) {
    return *(const int64_t *)((const char *)x->site->settings + setting_of(x, row));
}

int64_t rate_most(const struct exchange *x, enum rate rate) {
    return most_of(x, &rows[rate]);
}

enum rate rate_beside(enum rate rate) {
    return rate == RATE_JOINS ? RATE_ROOM_JOINS : RATE_NONE;
}

/* What has not the form of a room's id is none, and becomes no key. */
static bool is_counted(const struct exchange *x, enum rate rate) {
    if (rate == RATE_NONE) {
        return false;
    }
    return rows[rate].whose != ROOM || sc_id_valid(x->arguments[0], strlen(x->arguments[0]));
}

enum sc_error rate_use(struct exchange *x, enum rate rate) {
    return is_counted(x, rate) ? rate_use_under(x, rate, key_of(x, &rows[rate])) : SC_OK;
}

enum sc_error rate_use_under(struct exchange *x, enum rate rate, struct sc_key key) {
    const struct row *row = &rows[rate];
    int64_t most = most_of(x, row);
    bool roomy;
    if (most == 0) {
        return SC_OK;
    }
    enum sc_error error = store_rate_use(x->link, key, most, row->window_ms, &x->retry_ms, &roomy);
    if (roomy && row->whose == USER) {
        credit_give(&x->site->credit, &key);
    }
    return error;
}

/* --- on credit --- */

/* Each use on credit was preceded by one that was counted in the first half of the limit, and each
 * of those gives credit for one: both together are no more than the limit. */

static void on_counted(void *context, enum sc_error error, const struct answer *answer) {
    struct rate_due *due = context;
    due->refused = error != SC_OK;
    if (error == SC_OK && answer_number(answer, 1) == 1) {
        credit_give(due->credit, &due->key);
    }
}

enum sc_error rate_charge(struct exchange *x, enum rate rate) {
    const struct row *row = &rows[rate];
    struct rate_due *due = &x->due;
    if (rate == RATE_NONE || row->whose != USER || most_of(x, row) == 0) {
        return rate_use(x, rate);
    }
    due->credit = &x->site->credit;
    due->key = key_of(x, row);
    if (!credit_take(due->credit, &due->key)) {
        return rate_use(x, rate);
    }
    due->rider.take = on_counted;
    due->rider.context = due;
    store_rate_ask(&due->rider.ask, due->key, most_of(x, row), row->window_ms);
    link_ride(x->link, &due->rider);
    return SC_OK;
}

/* --- taken back --- */

void rate_undo(struct exchange *x, enum rate rate) {
    const struct row *row = &rows[rate];
    int64_t most = most_of(x, row);
    if (link_unride(x->link) || x->due.refused) {
        return; /* it wasn't counted */
    }
    if (most != 0) {
        store_rate_undo(x->link, key_of(x, row), most, row->window_ms);
    }
}
