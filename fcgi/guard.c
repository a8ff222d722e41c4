/*
 * guard: three counters around each look at a password.
 *
 * Asked in the order of address, account at this address, account: who is refused by one has not
 * been counted by the next, so that a single address can't use up what an account has everywhere.
 */
#include "guard.h"

#include <string.h>

#include <sodium.h>

#include "exchange.h"
#include "rate.h"
#include "store_rates.h"

enum { NAME_HASH_BYTES = 16, EVERYWHERE_TIMES = 10, WINDOW_MS = 60000 };

struct name_hash {
    char text[2 * NAME_HASH_BYTES + 1];
};

/* A name may be anything that was typed into the form: perhaps a password. */
static struct name_hash hash_of(const char *folded) {
    struct name_hash out;
    unsigned char hash[NAME_HASH_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)folded, strlen(folded), NULL, 0);
    sodium_bin2hex(out.text, sizeof out.text, hash, sizeof hash);
    return out;
}

static struct sc_key strikes_key(const struct exchange *x, const char *folded) {
    char address[64];
    rate_address(x->request.address, address);
    return sc_key(SC_KEY_STRIKES, hash_of(folded).text, address);
}

static struct sc_key everywhere_key(const char *folded) {
    return sc_key(SC_KEY_ADDRESS_RATE, "account", hash_of(folded).text);
}

static int64_t everywhere_most(const struct exchange *x) {
    return EVERYWHERE_TIMES * x->site->settings->limits_logins_per_minute;
}

enum sc_error guard_enter(struct exchange *x, const char *folded) {
    if (x->site->settings->limits_logins_per_minute == 0) {
        return SC_OK;
    }
    enum sc_error error = rate_use(x, RATE_LOGINS);
    if (error != SC_OK) {
        return error;
    }
    bool roomy;
    error = store_strikes_try(x->link, strikes_key(x, folded), &x->retry_ms);
    if (error == SC_OK) {
        error = store_rate_use(x->link, everywhere_key(folded), everywhere_most(x), WINDOW_MS,
                               &x->retry_ms, &roomy);
    }
    if (error == SC_RATE_LIMITED) {
        rate_undo(x, RATE_LOGINS);
    }
    return error;
}

void guard_pass(struct exchange *x, const char *folded) {
    if (x->site->settings->limits_logins_per_minute == 0) {
        return;
    }
    rate_undo(x, RATE_LOGINS);
    store_rate_undo(x->link, everywhere_key(folded), everywhere_most(x), WINDOW_MS);
    store_strikes_clear(x->link, strikes_key(x, folded));
}
