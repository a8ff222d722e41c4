/*
 * wire: the connection of a link: had, used, and given up when it fails.
 *
 * It connects, signs in, sends and takes, each within the link's terms and the request's time. Who
 * may ask and when, and what is asked a second time, is the link's business. Whatever fails here
 * drops the connection and is UNAVAILABLE, unless it says otherwise.
 */
#ifndef FCGI_WIRE_H
#define FCGI_WIRE_H

#include "link.h"

/* A wait after which silence says something of Redis, and not of this machine. */
enum { WIRE_FAIR_MS = 250 };

/* Connects within `ms` and signs in; INTERNAL when there is no memory. */
enum sc_error wire_open(struct link *link, int64_t ms);
/* What was written and not settled can't be settled any more. */
void wire_close(struct link *link);
/* Whether Redis has closed it meanwhile. Seen before a command is sent, since after it nobody could
 * say whether the command was carried out. */
bool wire_is_over(const struct link *link);

/* Sends with the next wire_take; a script by its hash or by its text. */
void wire_send(struct link *link, struct ask *ask, bool by_hash);
/* The next answer, to be given back with answer_deinit. */
enum sc_error wire_take(struct link *link, struct answer *out);
/* What it comes to; a fault in Redis's own words goes to the log and no further. */
enum sc_error wire_judge(const struct ask *ask, const struct answer *answer);
/* All three, where only "fine or not" is of interest; keeps the connection when not. */
enum sc_error wire_tell(struct link *link, struct ask *ask);

/* How long an answer may take now. */
int64_t wire_patience_ms(const struct link *link);

/* The master may be another one by now. */
void wire_doubt(struct link *link);
/* To the log, once a second at most. */
void wire_complain(const char *event, const char *asked, const char *detail);

#endif
