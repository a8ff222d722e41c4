/*
 * problem: every refusal as application/problem+json (RFC 9457).
 *
 * {"type","title","status","detail","code"}, with `errors` where fields are at fault.
 */
#ifndef FCGI_PROBLEM_H
#define FCGI_PROBLEM_H

#include "exchange.h"

/* Fills the exchange's reply: Retry-After for 429 and 503, WWW-Authenticate for 401. */
void problem_reply(struct exchange *x, enum sc_error error);

#endif
