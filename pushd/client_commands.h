/*
 * client_commands: what a client says, and what is done about it.
 *
 * One row a command, decoded by <stonechat/command.h>. A reader of events can't say anything: its
 * request says once where it stands, as `resume` does. What comes of it is the business of client
 * (its state), readers (its place in each room) and store (what others are to hear).
 */
#ifndef PUSHD_CLIENT_COMMANDS_H
#define PUSHD_CLIENT_COMMANDS_H

#include <stddef.h>

#include "client.h"

/* A message of the client's. What isn't a command is answered with `error`. */
void client_on_text(struct conn *conn, const char *text, size_t bytes);

/* A reader of events says with its request where it stands, if at all, and goes live at once. */
void client_begin_events(struct client *client, struct sse *sse);

#endif
