/*
 * resp: commands as bytes, and the errors of a Redis that can't just now (see resp.h).
 *
 * hiredis has a formatter, too, but one that allocates: what is written here goes straight to where
 * it is sent from.
 */
#include "resp.h"

#include <string.h>

enum { COUNT_MAX = 24 };

/* --- commands --- */

static size_t length_of(const char *argument, const size_t *bytes, int i) {
    return bytes != NULL ? bytes[i] : strlen(argument);
}

size_t resp_command_most(int count, const char **arguments, const size_t *bytes) {
    size_t most = COUNT_MAX;
    for (int i = 0; i < count; i++) {
        most += COUNT_MAX + length_of(arguments[i], bytes, i) + 2;
    }
    return most;
}

static size_t end_line(char *out) {
    out[0] = '\r';
    out[1] = '\n';
    return 2;
}

/* `*N` or `$N` and the end of a line; returns its bytes. */
static size_t write_count(char *out, char what, size_t number) {
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    size_t count = sizeof digits - at;
    out[0] = what;
    memcpy(out + 1, digits + at, count);
    return 1 + count + end_line(out + 1 + count);
}

size_t resp_command(char *out, int count, const char **arguments, const size_t *bytes) {
    size_t at = write_count(out, '*', (size_t)count);
    for (int i = 0; i < count; i++) {
        size_t length = length_of(arguments[i], bytes, i);
        at += write_count(out + at, '$', length);
        memcpy(out + at, arguments[i], length);
        at += length;
        at += end_line(out + at);
    }
    return at;
}

/* --- errors --- */

bool resp_is_error(const redisReply *reply, const char *word) {
    size_t bytes = strlen(word);
    return reply->type == REDIS_REPLY_ERROR && reply->len >= bytes &&
           memcmp(reply->str, word, bytes) == 0;
}

bool resp_is_passing(const redisReply *reply) {
    static const char *const words[] = {"LOADING",     "READONLY",   "MISCONF",
                                        "OOM",         "BUSY",       "MASTERDOWN",
                                        "CLUSTERDOWN", "NOREPLICAS", "TRYAGAIN"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (resp_is_error(reply, words[i])) {
            return true;
        }
    }
    return false;
}
