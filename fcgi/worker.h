/*
 * worker: one thread of the pool: a FastCGI request at a time, over its own link to Redis.
 */
#ifndef FCGI_WORKER_H
#define FCGI_WORKER_H

#include "gate.h"
#include "site.h"

/* Serves what comes through the gate until that is closed and nothing waits there any more. */
void worker_run(struct site *site, struct gate *gate);

#endif
