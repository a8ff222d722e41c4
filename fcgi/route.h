/*
 * route: one row an endpoint; the dispatcher that reads them.
 */
#ifndef FCGI_ROUTE_H
#define FCGI_ROUTE_H

#include <stddef.h>

#include "exchange.h"
#include "rate.h"

enum who {
    WHO_ANYONE, /* credentials are not looked at */
    WHO_TOKEN,  /* of a token in the path: nor is the site; the body may be an HTML form */
    WHO_EITHER, /* credentials are looked at where there are any */
    WHO_MEMBER, /* signed in, else 401 */
    WHO_LATELY, /* the same; that may have been asked of Redis a moment ago */
    WHO_HOLDER, /* signed in with an account that lasts, not as a guest, else 403 */
    WHO_ADMIN   /* signed in as one of the site, else 403 */
};

struct route {
    enum method method;
    const char *path; /* below /api/v1; {…} stands for any one segment */
    enum who who;
    size_t body_setting;             /* LIMIT of the body's bytes; 0: none is read */
    const struct form_field *fields; /* of the body, or for GET of the query; NULL: none */
    enum rate rate;
    enum sc_error (*handle)(struct exchange *x); /* SC_OK: it has replied */
};

/*
 * The row for a request, its {…} in `arguments`. NOT_FOUND where no row has the path;
 * METHOD_NOT_ALLOWED where none of those that have it has the method: then `allow` (of
 * ROUTE_ALLOW_MAX bytes) holds those that they have, separated by commas.
 */
enum { ROUTE_ALLOW_MAX = 64 };
enum sc_error route_find(const struct request *request, const struct route **route_out,
                         const char *arguments[EXCHANGE_ARGUMENTS_MAX], char *allow);

/* The rows by their number, for whoever counts by route; NULL from route_count() on. */
size_t route_count(void);
const struct route *route_at(size_t index);
size_t route_index(const struct route *route);

/* Answers the exchange's request, `decoded` being what decoding it came to. */
void route_serve(struct exchange *x, enum sc_error decoded);

#endif
