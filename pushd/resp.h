/*
 * resp: what Redis is told and what its errors mean, in bytes (RESP2).
 *
 * Pure: link sends what is written here, and asks about replies that hiredis's reader has parsed.
 */
#ifndef PUSHD_RESP_H
#define PUSHD_RESP_H

#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stddef.h>

/* A command is an array of bulk strings. `bytes` may be NULL: then each argument ends with NUL.
 * Writes at most as many bytes as resp_command_most says, and returns how many. */
size_t resp_command_most(int count, const char **arguments, const size_t *bytes);
size_t resp_command(char *out, int count, const char **arguments, const size_t *bytes);

/* Whether it is an error whose first word is `word`. */
bool resp_is_error(const redisReply *reply, const char *word);

/* Whether it is an error that means "not now, try again" rather than a fault of ours. */
bool resp_is_passing(const redisReply *reply);

#endif
