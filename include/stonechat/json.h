/*
 * json: the one way in which JSON from outside is read.
 *
 * Strict (RFC 8259, RFC 7493): valid UTF-8, no duplicate members, no NUL, nothing after the value.
 */
#ifndef STONECHAT_JSON_H
#define STONECHAT_JSON_H

#include <stddef.h>

struct json_t; /* jansson's */

/* Reads one object of any depth and size; given back with json_decref. NULL when it isn't one. */
struct json_t *sc_json_load_any_object(const char *text, size_t bytes);

/* Reads one object within SC_JSON_DEPTH, whose objects have at most `members_max` members each;
 * given back with json_decref. NULL when it isn't such a one. */
struct json_t *sc_json_load_object(const char *text, size_t bytes, size_t members_max);

#endif
