/*
 * arguments: the command line of both programs, and reading again what it says.
 */
#ifndef STONECHAT_ARGUMENTS_H
#define STONECHAT_ARGUMENTS_H

#include <stdio.h>

#include <stonechat/settings.h>

/*
 * The command line that both programs have in common: -c FILE, --set section.key=value, -t, -V,
 * -h, --markdown, and --workers N (the same as --set push.workers=N). Fills `settings` (initialised
 * here): what --set says goes over the file, wherever it stands. `check` (may be NULL) says whether
 * the program can do what they ask for. Returns the index of the first argument that is not an
 * option, or exits: 0 after -t (settings are good), -V, -h and --markdown; 2 with one clear line on
 * stderr when something is wrong.
 * `print_commands` (may be NULL) says for -h what may follow the options.
 */
typedef bool sc_settings_check(const struct sc_settings *settings, char *fault_out,
                               size_t fault_size);
typedef void sc_commands_print(FILE *out);
int sc_settings_from_arguments(struct sc_settings *settings, int argc, char **argv,
                               const char *program, sc_settings_check *check,
                               sc_commands_print *print_commands);

/*
 * Reads all of that once more, while the program runs, and takes over what may change meanwhile
 * (settings_reload.c says what may not) into `settings`, in place: those to whom it was lent see
 * it, and texts in it that were lent are no more. `changes_out` holds the names of the settings
 * that have changed, separated by spaces, and is given back with sc_settings_changes_deinit. On
 * failure false, a line in `fault_out`, and nothing has changed.
 */
struct sc_settings_changes {
    char *taken;
    char *kept; /* as they were: they need a restart */
};
bool sc_settings_reload(struct sc_settings *settings, struct sc_settings_changes *changes_out,
                        char *fault_out, size_t fault_size);
void sc_settings_changes_deinit(struct sc_settings_changes *changes);

#endif
