/*
 * mention: the names that may stand behind each @ of a text. Whose names they are it
 * doesn't know.
 *
 * Chinese has no spaces, so a name may end anywhere in a run of it, and between scripts; elsewhere
 * it ends where its word does. The longest name that somebody has is the one that is meant.
 */
#ifndef STONECHAT_MENTION_H
#define STONECHAT_MENTION_H

#include <stddef.h>

enum {
    SC_MENTION_NAMES_MAX = 256, /* looked up for one text; what comes after mentions nobody */
    SC_MENTION_USERS_MAX = 20   /* mentioned by one */
};

struct sc_mention_scan {
    size_t count;
    char *names[SC_MENTION_NAMES_MAX];     /* folded; of one place the longest first */
    unsigned places[SC_MENTION_NAMES_MAX]; /* which @ it stands behind, ascending */
};

/* `text` is valid UTF-8; names have `least` to `most` characters. */
void sc_mention_scan_init(struct sc_mention_scan *scan, const char *text, size_t bytes,
                          size_t least, size_t most);
void sc_mention_scan_deinit(struct sc_mention_scan *scan);

#endif
