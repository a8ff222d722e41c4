/*
 * offer: what a client offers in Sec-WebSocket-Extensions, and which of it is taken (RFC 6455
 * section 9.1, RFC 7692 sections 5 and 7.1).
 *
 * Pure. The first offer of permessage-deflate that can be met is taken; one with a parameter that
 * isn't known, comes twice or has a value that it may not have is passed over, and so is any other
 * extension. What isn't even of the right form ends the handshake.
 */
#ifndef PUSHD_OFFER_H
#define PUSHD_OFFER_H

#include <stdbool.h>

#include "slice.h"

struct offer {
    bool taken;
    unsigned server_window; /* server_max_window_bits as offered, which the answer repeats; or 0 */
};

/* Reads the value of one such header, of which there may be several; `out` begins as {0}. False
 * when it isn't of the form that the RFC gives. */
bool offer_read(struct slice value, struct offer *out);

/* The answer's header line. Freed by the caller; "" when nothing was taken. */
char *offer_answer(const struct offer *offer);

#endif
