/*
 * store_presence: who is online, as the workers of the push daemon have noted it.
 */
#ifndef FCGI_STORE_PRESENCE_H
#define FCGI_STORE_PRESENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "link.h"

/* Whether each of `users` is online anywhere. */
enum sc_error store_online_users(struct link *link, const char *const *users, size_t count,
                                 bool *online_out);
/* Whether a connection is open in each of `user`'s `sessions`. */
enum sc_error store_online_sessions(struct link *link, const char *user,
                                    const char *const *sessions, size_t count, bool *online_out);

/* The workers of the push daemon that live, and what each counts: `see` is called for each with its
 * figures as JSON, lent. */
enum sc_error store_nodes(struct link *link,
                          void (*see)(void *context, const char *node, const char *figures),
                          void *context);

/* How many of a large room's members are online, as counted last; -1: the room is not large. */
enum sc_error store_online_count(struct link *link, const char *room, int64_t *count_out);

#endif
