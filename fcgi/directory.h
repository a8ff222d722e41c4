/*
 * directory: the public rooms, found by the beginning of their names.
 */
#ifndef FCGI_DIRECTORY_H
#define FCGI_DIRECTORY_H

#include "exchange.h"

/* Whether the query of GET /rooms asks for the directory and not for one's own rooms. */
bool directory_is_asked(const struct form *form);
/* Replies with {rooms,next}, in the order of the names; `next` is null on the last page. */
enum sc_error directory_reply(struct exchange *x);

#endif
