/*
 * percent: percent-encoding (RFC 3986 section 2.1), done, or undone once and in place.
 */
#ifndef FCGI_PERCENT_H
#define FCGI_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

enum percent_place {
    PERCENT_PATH,
    PERCENT_QUERY /* `+` is a space */
};

/* The text with everything but letters, digits and `-._~` encoded, freed by the caller: fit for a
 * path, and for a header's ext-value (RFC 8187). */
char *percent_encode(const char *text);

/* Decodes the `*bytes` bytes at `text`, which gets a NUL after its last one; sets `*bytes` anew.
 * False when a `%` is not followed by two hexadecimal digits. The result may hold NULs. */
bool percent_decode(char *text, size_t *bytes, enum percent_place place);

#endif
