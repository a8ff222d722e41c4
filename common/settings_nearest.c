/*
 * settings_nearest: which setting was meant by a name that there is none of.
 *
 * A slip of the pen is a few letters away from what was meant (Levenshtein's distance); further
 * off, no guess is better than a wrong one.
 */
#include <string.h>

#include "settings_row.h"

static unsigned least_of(unsigned a, unsigned b, unsigned c) {
    unsigned least = a < b ? a : b;
    return least < c ? least : c;
}

/* How many letters must be put in, taken out or changed; `to` is a row's name. */
static unsigned distance(const char *from, const char *to) {
    unsigned row[SETTING_NAME_MAX + 1];
    size_t width = strlen(to);
    for (size_t j = 0; j <= width; j++) {
        row[j] = (unsigned)j;
    }
    for (size_t i = 1; from[i - 1] != '\0'; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= width; j++) {
            unsigned above = row[j];
            row[j] = least_of(above + 1, row[j - 1] + 1, diagonal + (from[i - 1] != to[j - 1]));
            diagonal = above;
        }
    }
    return row[width];
}

/* The same key in another section is meant too. */
static unsigned distance_to_row(const char *name, const char *row_name) {
    const char *key = strchr(name, '.');
    if (key != NULL && strcmp(key, strchr(row_name, '.')) == 0) {
        return 1;
    }
    return distance(name, row_name);
}

const struct setting *setting_nearest(const char *name) {
    const struct setting *nearest = NULL;
    unsigned least = (unsigned)strlen(name) / 3 + 1;
    for (size_t i = 0; i < settings_count; i++) {
        unsigned far = distance_to_row(name, settings_rows[i].name);
        if (far < least) {
            least = far;
            nearest = &settings_rows[i];
        }
    }
    return nearest;
}
