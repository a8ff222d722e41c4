/*
 * direct: which room is that of two users.
 */
#ifndef FCGI_DIRECT_H
#define FCGI_DIRECT_H

#include <stonechat/limits.h>

/* The same for both, whoever is named first: made from their ids alone, so that nobody has to agree
 * on it. Of one user with himself, too. */
void direct_room_id(const char *user, const char *other, char out[SC_ID_MAX + 1]);

#endif
