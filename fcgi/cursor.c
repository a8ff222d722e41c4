/*
 * cursor: base64url around a place in a list.
 *
 * The place is where the last row stood in its order, not how many came before it, so that rows
 * which come and go meanwhile neither repeat nor hide others.
 */
#include "cursor.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>
#include <stonechat/memory.h>

enum { FORM = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

char *cursor_encode(const char *place) {
    size_t bytes = strlen(place);
    size_t room = sodium_base64_ENCODED_LEN(bytes, FORM);
    char *text = sc_xmalloc(room);
    return sodium_bin2base64(text, room, (const unsigned char *)place, bytes, FORM);
}

/* libsodium 1.0.18 does not see to it: any byte from 0x80 on is a letter to it. */
static bool is_base64url(const char *text, size_t bytes) {
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t i = 0;
    while (i < bytes && memchr(letters, text[i], sizeof letters - 1) != NULL) {
        i++;
    }
    return i == bytes;
}

char *cursor_decode(const char *text, size_t bytes) {
    char *place = sc_xcalloc(1, bytes + 1);
    size_t got;
    if (bytes > 0 && is_base64url(text, bytes) &&
        sodium_base642bin((unsigned char *)place, bytes, text, bytes, NULL, &got, NULL, FORM) ==
            0 &&
        strlen(place) == got) {
        return place;
    }
    free(place);
    return NULL;
}
