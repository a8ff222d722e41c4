/*
 * fold: Unicode's NFKC_Casefold, the form in which texts are compared (UAX #44, UAX #15).
 */
#ifndef COMMON_FOLD_H
#define COMMON_FOLD_H

#include <stddef.h>

/* The folded form of valid UTF-8, NUL-terminated, freed by the caller. */
char *fold_new(const char *text, size_t bytes, size_t *bytes_out);

#endif
