/*
 * percent: percent-encoding (RFC 3986 section 2.1), undone once and in place.
 */
#ifndef FCGI_PERCENT_H
#define FCGI_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

enum percent_place {
    PERCENT_PATH,
    PERCENT_QUERY /* `+` is a space */
};

/* Decodes the `*bytes` bytes at `text`, which gets a NUL after its last one; sets `*bytes` anew.
 * False when a `%` is not followed by two hexadecimal digits. The result may hold NULs. */
bool percent_decode(char *text, size_t *bytes, enum percent_place place);

#endif
