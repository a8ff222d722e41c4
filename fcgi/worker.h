/*
 * worker: one thread of the pool: a FastCGI request at a time, over its own link to Redis.
 */
#ifndef FCGI_WORKER_H
#define FCGI_WORKER_H

#include "site.h"

/* Serves what comes in on `listener` until that is shut down and nothing waits there any more. */
void worker_run(struct site *site, int listener);

#endif
