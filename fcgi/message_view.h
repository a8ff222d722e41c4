/*
 * message_view: a message as REST shows it: its entry of the log, with what has become of it since.
 */
#ifndef FCGI_MESSAGE_VIEW_H
#define FCGI_MESSAGE_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "answer.h"

/* Writes the message whose entry is row `row` of `answer` and whose fold the row after it ("" where
 * it was never changed), for `user`, whose own reactions are `mine`. False, and nothing written,
 * when it is no message. */
bool message_view_write(FILE *body, const struct answer *answer, size_t row, const char *user);

#endif
