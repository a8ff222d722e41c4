/*
 * rate: from a row of the table to a sliding window in Redis.
 *
 * route charges what a route's row names; guard charges logins, and takes back those that were
 * good.
 */
#include "rate.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "exchange.h"
#include "store_rates.h"

enum whose { USER, ADDRESS };

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
    rate_address(x->request.address, address);
    return sc_key(SC_KEY_ADDRESS_RATE, row->word, address);
}

static int64_t most_of(const struct exchange *x, const struct row *row) {
    return *(const int64_t *)((const char *)x->site->settings + row->setting);
}

enum sc_error rate_use(struct exchange *x, enum rate rate) {
    const struct row *row = &rows[rate];
    int64_t most = rate == RATE_NONE ? 0 : most_of(x, row);
    if (most == 0) {
        return SC_OK;
    }
    return store_rate_use(x->link, key_of(x, row), most, row->window_ms, &x->retry_ms);
}

void rate_undo(struct exchange *x, enum rate rate) {
    const struct row *row = &rows[rate];
    int64_t most = most_of(x, row);
    if (most != 0) {
        store_rate_undo(x->link, key_of(x, row), most, row->window_ms);
    }
}
