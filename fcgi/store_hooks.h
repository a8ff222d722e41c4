/*
 * store_hooks: the webhooks of a room, and what they send.
 *
 * As all of the store: SC_OK, or the error that the question came to: those of link.h, and what
 * the script's head in common/scripts/ says. Texts are lent for the call; what comes out in a
 * struct is the caller's. A hook's token is read and made as a session's (token.h): its `user` is
 * the room, its `session` the hook.
 */
#ifndef FCGI_STORE_HOOKS_H
#define FCGI_STORE_HOOKS_H

#include <stdbool.h>

#include <stonechat/token.h>

#include "link.h"

/* Who asks for something in a room: a user, who may in all rooms or where the room says so. */
struct store_asker {
    const char *room;
    const char *user;
    bool all_rooms;
};

/* `tail`: the hook's JSON from its `name` on. Row 1 of the answer is the whole. */
enum sc_error store_hook_open(struct link *link, const struct store_asker *asker, const char *hook,
                              const char *tail, int64_t most, struct answer *out);
/* Rows: id, JSON, id, JSON, ... from row 1 on. */
enum sc_error store_hook_list(struct link *link, const struct store_asker *asker,
                              struct answer *out);
enum sc_error store_hook_close(struct link *link, const struct store_asker *asker,
                               const char *hook);

/* The hook's name, freed by the caller, and who made it. */
enum sc_error store_hook_find(struct link *link, const struct sc_token *token, char **name_out,
                              char by_out[SC_ID_MAX + 1]);
/* The rows of an answer to store_message_send. */
enum sc_error store_hook_send(struct link *link, const struct sc_token *token, const char *key,
                              const char *tail, const char *mentions, struct answer *out);

#endif
