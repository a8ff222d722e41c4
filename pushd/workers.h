/*
 * workers: the master process, which owns the listening socket and the processes that accept from
 * it. A worker that dies is replaced within a second and takes only its own connections with it.
 * SIGHUP reads the settings again, for itself and for all of them (reload.h).
 */
#ifndef PUSHD_WORKERS_H
#define PUSHD_WORKERS_H

#include <stonechat/settings.h>

/* Runs until SIGTERM or SIGINT; returns the exit code. In a worker it returns that worker's. */
int workers_run(struct sc_settings *settings, int fd);

#endif
