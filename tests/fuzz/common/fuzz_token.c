/*
 * token: session tokens, tickets, ids and message keys, as anybody may present them.
 *
 * What is read as a token is exactly USER.SESSION.SECRET, has one spelling, and its secret alone
 * gives the same hash.
 */
#include "fuzz.h"

#include <stonechat/token.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz0123456789"
#define WORD  LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-"

static bool made_of(const char *letters, const char *text, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '\0' || strchr(letters, text[i]) == NULL) {
            return false;
        }
    }
    return true;
}

static bool is_between(size_t least, size_t bytes, size_t most) {
    return bytes >= least && bytes <= most;
}

static void judge_token(const char *text, size_t bytes) {
    struct sc_token token;
    char hash[SC_HASH_CHARS + 1], again[SC_TOKEN_MAX + 1];
    if (!sc_token_read(text, bytes, &token)) {
        return;
    }
    const char *secret = text + bytes - SC_SECRET_CHARS;
    int length = snprintf(again, sizeof again, "%s.%s.%.*s", token.user, token.session,
                          SC_SECRET_CHARS, secret);
    demand((size_t)length == bytes && memcmp(again, text, bytes) == 0);
    demand(sc_id_valid(token.user, strlen(token.user)));
    demand(sc_id_valid(token.session, strlen(token.session)));
    demand(sc_ticket_read(secret, SC_SECRET_CHARS, hash) && strcmp(hash, token.hash) == 0);
}

static void judge_ticket(const char *text, size_t bytes) {
    char hash[SC_HASH_CHARS + 1];
    if (sc_ticket_read(text, bytes, hash)) {
        demand(bytes == SC_SECRET_CHARS && made_of(WORD, text, bytes));
        demand(strlen(hash) == SC_HASH_CHARS && made_of("0123456789abcdef", hash, SC_HASH_CHARS));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    judge_token(text, size);
    judge_ticket(text, size);
    demand(sc_id_valid(text, size) ==
           (is_between(1, size, SC_ID_MAX) && made_of(LOWER, text, size)));
    demand(sc_key_valid(text, size) ==
           (is_between(SC_KEY_MIN, size, SC_KEY_MAX) && made_of(WORD, text, size)));
    return 0;
}
