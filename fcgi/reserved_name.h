/*
 * reserved_name: names that nobody gets who asks for them, since they would speak for the site.
 */
#ifndef FCGI_RESERVED_NAME_H
#define FCGI_RESERVED_NAME_H

#include <stdbool.h>

/* `folded`: the normal form of a name. */
bool name_is_reserved(const char *folded);

#endif
