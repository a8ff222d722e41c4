/*
 * percent: undoes percent-encoding, for the request's path and query.
 *
 * Exactly once: what still looks encoded afterwards is meant literally.
 */
#include "percent.h"

static int digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool percent_decode(char *text, size_t *bytes, enum percent_place place) {
    size_t out = 0;
    for (size_t i = 0; i < *bytes; i++) {
        char c = text[i];
        if (c == '%') {
            int high = i + 2 < *bytes ? digit(text[i + 1]) : -1;
            int low = high >= 0 ? digit(text[i + 2]) : -1;
            if (low < 0) {
                return false;
            }
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && place == PERCENT_QUERY) {
            c = ' ';
        }
        text[out++] = c;
    }
    *bytes = out;
    text[out] = '\0';
    return true;
}
