/*
 * folded: a text in the form in which it is searched, and where each of its characters came from.
 *
 * The form is Unicode's NFKC_Casefold (case, width and composition are one; what is not seen is
 * gone), with every run of white space as one space. Characters are code points, both ways.
 */
#ifndef FCGI_FOLDED_H
#define FCGI_FOLDED_H

#include <stddef.h>
#include <stdint.h>

struct folded_character {
    uint32_t character;
    uint32_t from, to; /* of the text as it was: what became this is [from, to) */
};

struct folded {
    size_t count;
    size_t room;
    struct folded_character *characters;
};

/* Folds valid UTF-8. Given back with folded_deinit. */
void folded_init(struct folded *folded, const char *text, size_t bytes);
void folded_deinit(struct folded *folded);

/* Takes away the space at either end. */
void folded_trim(struct folded *folded);

#endif
