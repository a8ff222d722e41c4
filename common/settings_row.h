/*
 * settings_row: the rows of include/stonechat/settings.h as a table, for whoever reads, checks or
 * prints settings without knowing each of them.
 */
#ifndef COMMON_SETTINGS_ROW_H
#define COMMON_SETTINGS_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stonechat/settings.h>

enum setting_kind { SETTING_INT, SETTING_BOOL, SETTING_TEXT, SETTING_PATH, SETTING_WORD };

struct setting {
    const char *name; /* section.key */
    enum setting_kind kind;
    size_t offset;     /* into struct sc_settings */
    const char *value; /* the default */
    int64_t least, most;
    const char *choices; /* separated by | */
    const char *help;
};

enum { SETTING_NAME_MAX = 64, SETTING_VALUES_MAX = 64 };

extern const struct setting settings_rows[];
extern const size_t settings_count;

/* The row named section.key, or NULL. */
const struct setting *setting_find(const char *name);
/* The row whose name is closest to `name`; NULL when none is close enough to be meant. */
const struct setting *setting_nearest(const char *name);

/* Sets what `name` says to `value`. On failure false and `name: why` in `fault_out`. */
bool setting_assign(struct sc_settings *settings, const char *name, const char *value,
                    char *fault_out, size_t fault_size);

/* What a row's value may be, in words, into `out` of SETTING_VALUES_MAX bytes. */
void setting_values(const struct setting *row, char *out);

/* Why `value` can't be what `name` says, beyond the row's kind and range; NULL when it can. */
const char *setting_rule(const char *name, const char *value);

/* Whether settings that have to agree with each other do; false and a line in `fault_out`. */
bool settings_agree(const struct sc_settings *settings, char *fault_out, size_t fault_size);

/* All that the command line of sc_settings_from_arguments says, over what is there: the file as it
 * is now, --set, and whether all of it agrees. False and a line in `fault_out`. */
bool settings_gather(struct sc_settings *settings, char *fault_out, size_t fault_size);

/* Whether two structs have the same in that row; and each gets what the other had. */
bool setting_same(const struct setting *row, const struct sc_settings *a,
                  const struct sc_settings *b);
void setting_swap(const struct setting *row, struct sc_settings *a, struct sc_settings *b);

/* Makes each relative path, also the one in redis.url, absolute: taken from the folder of the file
 * at `file`. False and a line in `fault_out` when there is no such folder. */
bool settings_anchor(struct sc_settings *settings, const char *file, char *fault_out,
                     size_t fault_size);

#endif
