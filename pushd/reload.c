/*
 * reload: reads, takes over, tells (see reload.h).
 *
 * Master and workers each read for themselves: a worker that is started later has what the master
 * had last, and nothing needs to be sent.
 */
#include "reload.h"

#include <stonechat/arguments.h>

const char program_name[] = "stonechat-pushd";

bool reload(struct sc_settings *settings, enum sc_log_level level) {
    char fault[1024];
    struct sc_settings_changes changes;
    if (!sc_settings_reload(settings, &changes, fault, sizeof fault)) {
        sc_log(SC_LOG_ERROR, "reload_refused", "why", fault, NULL);
        return false;
    }
    sc_log_init(settings, program_name);
    sc_log(level, "settings_reloaded", "changed", changes.taken, NULL);
    if (changes.kept[0] != '\0') {
        sc_log(level, "setting_needs_restart", "settings", changes.kept, NULL);
    }
    sc_settings_changes_deinit(&changes);
    return true;
}
