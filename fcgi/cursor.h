/*
 * cursor: where a list goes on, as an opaque word for the client to hand back.
 */
#ifndef FCGI_CURSOR_H
#define FCGI_CURSOR_H

#include <stddef.h>

/* In fresh memory, freed by the caller. */
char *cursor_encode(const char *place);
/* The place, in fresh memory; NULL when `text` is no cursor of ours. */
char *cursor_decode(const char *text, size_t bytes);

#endif
