/*
 * wording: the text of a message as it stands now.
 */
#ifndef FCGI_WORDING_H
#define FCGI_WORDING_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "answer.h"

struct wording {
    const char *text; /* valid UTF-8, not terminated */
    size_t bytes;
    json_t *memory; /* what the text is part of; NULL: of the answer */
};

/* Of the message whose entry is row `row` of `answer`, which is lent, and whose fold is the row
 * after it ("" where it was never changed). False when it has no text any more. Given back with
 * wording_deinit whatever is returned. */
bool wording_init(struct wording *wording, const struct answer *answer, size_t row);
void wording_deinit(struct wording *wording);

#endif
