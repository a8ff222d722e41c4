/*
 * naming: a name for somebody who has not chosen one here.
 *
 * Made of a text that somebody else chose, so that people find them by it; where that makes no name
 * or all that are like it are taken, one that says nothing.
 */
#ifndef FCGI_NAMING_H
#define FCGI_NAMING_H

#include <stonechat/limits.h>
#include <stonechat/settings.h>

#include "link.h"

struct naming {
    char name[SC_NAME_MAX_BYTES + 1];
    char folded[SC_NAME_MAX_BYTES + 1]; /* its normal form */
};

/* The `attempt`-th name to try (from 0) for one like `text`; false when that one can't be had. The
 * last but NAMING_ATTEMPTS are not made of the text. */
enum { NAMING_ATTEMPTS = 16 };
bool naming_make(const struct sc_settings *settings, const char *text, int attempt,
                 struct naming *out);

/* Reserves the first that is free for the account `id`; NAME_TAKEN when none was. */
enum sc_error naming_claim(struct link *link, const struct sc_settings *settings, const char *text,
                           const char *id, struct naming *out);

#endif
