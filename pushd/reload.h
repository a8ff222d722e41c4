/*
 * reload: the settings once more at SIGHUP, in the master first and then in each worker.
 */
#ifndef PUSHD_RELOAD_H
#define PUSHD_RELOAD_H

#include <stdbool.h>

#include <stonechat/log.h>
#include <stonechat/settings.h>

extern const char program_name[];

/* Takes over what may change while running, and the log with it; says at `level` what has changed,
 * and what has not because it needs a restart. False, an error in the log and all as it was when
 * they are wrong. */
bool reload(struct sc_settings *settings, enum sc_log_level level);

#endif
