/*
 * push_wishes: what somebody wishes about being disturbed, as REST and Redis have it:
 * {from, to, zone, until, text}.
 */
#ifndef FCGI_PUSH_WISHES_H
#define FCGI_PUSH_WISHES_H

#include <stdbool.h>

#include <jansson.h>

#include "quiet_hours.h"

struct push_wishes {
    json_t *root; /* whole: what nobody has wished for stands in it as it usually is */
    struct quiet quiet;
    bool text; /* pushes show what was said */
};

/* From stored JSON; "": nobody has wished for anything. Given back with push_wishes_deinit. */
void push_wishes_init(struct push_wishes *wishes, const char *json);
void push_wishes_deinit(struct push_wishes *wishes);

#endif
