/*
 * slice: a piece of somebody else's text (see slice.h).
 */
#include "slice.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

bool slice_is(struct slice slice, const char *word) {
    return slice.text != NULL && slice.bytes == strlen(word) &&
           memcmp(slice.text, word, slice.bytes) == 0;
}

bool slice_says(struct slice slice, const char *word) {
    return slice.text != NULL && slice.bytes == strlen(word) &&
           strncasecmp(slice.text, word, slice.bytes) == 0;
}

bool slice_is_token(struct slice slice) {
    for (size_t i = 0; i < slice.bytes; i++) {
        unsigned char c = (unsigned char)slice.text[i];
        if (!isalnum(c) && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL)) {
            return false;
        }
    }
    return slice.bytes > 0;
}

struct slice slice_trim(struct slice slice) {
    while (slice.bytes > 0 && (*slice.text == ' ' || *slice.text == '\t')) {
        slice.text++;
        slice.bytes--;
    }
    while (slice.bytes > 0 &&
           (slice.text[slice.bytes - 1] == ' ' || slice.text[slice.bytes - 1] == '\t')) {
        slice.bytes--;
    }
    return slice;
}

struct slice slice_cut(struct slice *rest, char separator) {
    const char *found = rest->bytes > 0 ? memchr(rest->text, separator, rest->bytes) : NULL;
    size_t bytes = found != NULL ? (size_t)(found - rest->text) : rest->bytes;
    struct slice piece = {rest->text, bytes};
    size_t past = found != NULL ? bytes + 1 : bytes;
    rest->text += past;
    rest->bytes -= past;
    return piece;
}

bool slice_lists(struct slice list, const char *word) {
    while (list.bytes > 0) {
        if (slice_says(slice_trim(slice_cut(&list, ',')), word)) {
            return true;
        }
    }
    return false;
}

struct slice slice_find(struct slice list, char separator, const char *name) {
    while (list.bytes > 0) {
        struct slice value = slice_trim(slice_cut(&list, separator));
        if (slice_is(slice_cut(&value, '='), name)) {
            return value;
        }
    }
    return (struct slice){0};
}
