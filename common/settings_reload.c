/*
 * settings_reload: the settings once more, while the program runs (include/stonechat/arguments.h).
 *
 * What may change then is everything but the rows named here, which is decided nowhere else.
 */
#include <stdlib.h>
#include <string.h>

#include <stonechat/arguments.h>
#include <stonechat/memory.h>

#include "settings_row.h"

/* What a program has opened, forked or promised by the time it runs. A whole section ends in a
 * dot. */
static const char *const at_start_only[] = {
    "redis.", "http.", "push.socket", "push.workers", "push.connections",
};

static bool needs_restart(const struct setting *row) {
    for (size_t i = 0; i < sizeof at_start_only / sizeof *at_start_only; i++) {
        const char *name = at_start_only[i];
        size_t bytes = strlen(name);
        if (name[bytes - 1] == '.' ? strncmp(row->name, name, bytes) == 0
                                   : strcmp(row->name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void add_name(char **names, const char *name) {
    char *longer = sc_xasprintf("%s%s%s", *names, **names != '\0' ? " " : "", name);
    free(*names);
    *names = longer;
}

/* What is not taken over stays in `fresh`, and ends with it. */
static void take_over(struct sc_settings *settings, struct sc_settings *fresh,
                      struct sc_settings_changes *changes) {
    for (size_t i = 0; i < settings_count; i++) {
        const struct setting *row = &settings_rows[i];
        if (setting_same(row, settings, fresh)) {
            continue;
        }
        if (needs_restart(row)) {
            add_name(&changes->kept, row->name);
        } else {
            setting_swap(row, settings, fresh);
            add_name(&changes->taken, row->name);
        }
    }
}

bool sc_settings_reload(struct sc_settings *settings, struct sc_settings_changes *changes_out,
                        char *fault_out, size_t fault_size) {
    struct sc_settings fresh;
    sc_settings_init(&fresh);
    bool good = settings_gather(&fresh, fault_out, fault_size);
    if (good) {
        changes_out->taken = sc_xstrdup("");
        changes_out->kept = sc_xstrdup("");
        take_over(settings, &fresh, changes_out);
    }
    sc_settings_deinit(&fresh);
    return good;
}

void sc_settings_changes_deinit(struct sc_settings_changes *changes) {
    free(changes->taken);
    free(changes->kept);
}
