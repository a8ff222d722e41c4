/*
 * slice: a piece of somebody else's text; not terminated, not owned, not changed.
 *
 * What the readers of a request head have in common: cutting, trimming, comparing.
 */
#ifndef PUSHD_SLICE_H
#define PUSHD_SLICE_H

#include <stdbool.h>
#include <stddef.h>

/* `text` NULL: there is none. */
struct slice {
    const char *text;
    size_t bytes;
};

bool slice_is(struct slice slice, const char *word);
/* The same for what is compared without case: header names, schemes, tokens in lists. */
bool slice_says(struct slice slice, const char *word);
/* Whether it is a token (RFC 9110 section 5.6.2). */
bool slice_is_token(struct slice slice);

/* Without spaces and tabs at its ends. */
struct slice slice_trim(struct slice slice);
/* Cuts what stands before `separator` off `rest`, and the separator; all of it when there is
 * none. */
struct slice slice_cut(struct slice *rest, char separator);

/* Whether a comma-separated list holds `word` (RFC 9110 section 5.6.1). */
bool slice_lists(struct slice list, const char *word);
/* The value of `name` in a list of name=value, or none. */
struct slice slice_find(struct slice list, char separator, const char *name);

#endif
