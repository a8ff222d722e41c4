/*
 * call: a script run by Redis, and what its answer comes to.
 *
 * For the store's functions, which know what they ask and how the answer is laid out. A script that
 * Redis has forgotten is sent whole; it may then run after what was asked later.
 */
#ifndef PUSHD_CALL_H
#define PUSHD_CALL_H

#include <stddef.h>

#include <stonechat/error.h>
#include <stonechat/script.h>

#include "link.h"

/* `arguments` are KEYS, `keys` of them, and then ARGV, ended by NULL; copied. `on_reply` may be
 * NULL. */
void call_script(struct link *link, enum sc_script_id id, int keys, const char *const *arguments,
                 link_reply_fn *on_reply, void *context);

/* The error that a command's reply comes to: UNAVAILABLE, INTERNAL or OK; it is logged. */
enum sc_error call_reply_error(const redisReply *reply);
/* The same of a script, whose first element is a code word. OK: it is an array. */
enum sc_error call_error(const redisReply *reply);

/* The ids in an array, leaving out what is none; lent by the reply but for the list itself, which
 * the caller frees. */
const char **call_ids(const redisReply *reply, size_t *count_out);

#endif
