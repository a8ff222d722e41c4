/*
 * push_payload: what a device is shown of a message.
 *
 * {room, seq, kind, title, from, bot?, text?, unread, tag}. `bot`: a webhook's, which gives itself
 * any name, somebody's too. `tag` is the same for all of one room, so
 * that a newer one takes the place of an older on the screen.
 */
#ifndef FCGI_PUSH_PAYLOAD_H
#define FCGI_PUSH_PAYLOAD_H

#include <stdbool.h>

struct answer;

enum { PUSH_PAYLOAD_TEXT_CHARS = 120 };

/* From the rows of push_message.lua's answer; freed by the caller. `shows_text`: whether what was
 * said is part of it. NULL when there is no message in these rows. */
char *push_payload(const struct answer *message, const char *room, bool shows_text);

#endif
