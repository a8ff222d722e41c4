/*
 * quiet: no log lines but errors, for suites in which much is meant to go wrong.
 */
#ifndef QUIET_H
#define QUIET_H

#include <stonechat/log.h>
#include <stonechat/settings.h>

static inline void be_quiet(void) {
    struct sc_settings settings;
    char fault[256];
    sc_settings_init(&settings);
    sc_settings_set(&settings, "log.level=error", fault, sizeof fault);
    sc_log_init(&settings, "test");
    sc_settings_deinit(&settings);
}

#endif
