/*
 * percent: does percent-encoding, and undoes it for the request's path and query.
 *
 * Undone exactly once: what still looks encoded afterwards is meant literally.
 */
#include "percent.h"

#include <string.h>

#include <stonechat/memory.h>

static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

char *percent_encode(const char *text) {
    static const char digits[] = "0123456789ABCDEF";
    char *encoded = sc_xmalloc(3 * strlen(text) + 1), *out = encoded;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (strchr(plain, c)) {
            *out++ = *text;
            continue;
        }
        *out++ = '%';
        *out++ = digits[c >> 4];
        *out++ = digits[c & 15];
    }
    *out = '\0';
    return encoded;
}

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
