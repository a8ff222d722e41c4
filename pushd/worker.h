/*
 * worker: one process's share of the connections, from its first event to its last.
 */
#ifndef PUSHD_WORKER_H
#define PUSHD_WORKER_H

#include <stonechat/settings.h>

/* Serves the listening socket `fd` until SIGTERM; returns the exit code. `node`: see node_init. */
int worker_run(struct sc_settings *settings, int fd, char *node);

#endif
