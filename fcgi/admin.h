/*
 * admin: `stonechat-fcgi user ...`, `session ...` and `room ...`, for whoever has the machine.
 */
#ifndef FCGI_ADMIN_H
#define FCGI_ADMIN_H

#include <stdio.h>

#include "site.h"

/* Carries out what the arguments after the options say. Returns the exit status: 0 done, 1 not
 * done (the reason is on stderr), 2 not understood. */
int admin_run(struct site *site, int argc, char **argv);

/* Which commands there are, a line each. */
void admin_help(FILE *out);

#endif
