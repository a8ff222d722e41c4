/*
 * exchange: one request, on whose behalf it is, and the reply to it: what a handler is given.
 */
#ifndef FCGI_EXCHANGE_H
#define FCGI_EXCHANGE_H

#include <stdint.h>

#include "form.h"
#include "link.h"
#include "rate.h"
#include "reply.h"
#include "request.h"
#include "session.h"
#include "site.h"

enum { EXCHANGE_ARGUMENTS_MAX = 3 };

struct route;

struct exchange {
    struct site *site;
    struct link *link;
    struct request request;
    const struct route *route;                     /* NULL: no such endpoint */
    const char *arguments[EXCHANGE_ARGUMENTS_MAX]; /* what stood in the path's {…} */
    struct session session;
    struct form form;
    struct rate_due due; /* what rate_charge has put off */
    struct reply reply;
    enum sc_error error;        /* what was answered */
    int64_t retry_ms;           /* with RATE_LIMITED: when to try again */
    char woken[SC_ID_MAX + 1];  /* a room in which somebody may have to be woken, likewise */
    char behind[SC_ID_MAX + 1]; /* a room to be indexed once the answer has left; "": none */
};

#endif
