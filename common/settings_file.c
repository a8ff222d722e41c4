/*
 * settings_file: reads the INI file, over what is there already, and makes its paths absolute.
 *
 * inih takes the lines apart. It is fed line by line from here, since then the number of a line is
 * known while its value is looked at, and a line too long for it is refused, not cut in two.
 * Indentation means nothing, unless a line that is no `key = value` is indented: that one goes on
 * with the value above it. The first fault stays, whatever follows.
 */
#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "settings_row.h"

struct reading {
    struct sc_settings *settings;
    const char *path;
    FILE *file;
    char *line;
    size_t line_size;
    int number;      /* of the line in hand */
    bool goes_on;    /* that line goes on with the value above */
    char *last_name; /* the setting that was assigned last, and to what */
    char *last_value;
    int fault_number; /* 0: no fault so far */
    char *fault_out;
    size_t fault_size;
};

static void note_fault(struct reading *reading, int number, const char *why) {
    if (reading->fault_number == 0 || number < reading->fault_number) {
        reading->fault_number = number;
        snprintf(reading->fault_out, reading->fault_size, "%s:%d: %s", reading->path, number, why);
    }
}

/* Where the assignment, comment or section on an indented line begins; 0 when it is none. */
static size_t indentation(const char *line) {
    size_t blanks = strspn(line, " \t");
    const char *word = line + blanks;
    size_t letters = strspn(word, "abcdefghijklmnopqrstuvwxyz_0123456789");
    bool assigns = letters > 0 && word[letters + strspn(word + letters, " \t")] == '=';
    return assigns || strchr("[;#", word[0]) != NULL ? blanks : 0;
}

/* One line for inih, which asks as if of fgets. */
static char *give_line(char *out, int size, void *context) {
    struct reading *reading = context;
    ssize_t bytes = getline(&reading->line, &reading->line_size, reading->file);
    if (bytes < 0) {
        return NULL;
    }
    reading->number++;
    const char *line = reading->line + indentation(reading->line);
    reading->goes_on = line[0] == ' ' || line[0] == '\t';
    if (strlen(reading->line) != (size_t)bytes) {
        note_fault(reading, reading->number, "the line holds a NUL");
        line = "";
    }
    if (strlen(line) >= (size_t)size) {
        note_fault(reading, reading->number,
                   "the line is too long: go on with its value on an indented line");
        line = "";
    }
    snprintf(out, (size_t)size, "%s", line);
    return out;
}

/* Called by inih for each value; it keeps no count of lines, so that faults are noted here. */
static int take_value(void *context, const char *section, const char *key, const char *value) {
    struct reading *reading = context;
    char *name = sc_xasprintf("%s.%s", section, key);
    char *whole = reading->goes_on && reading->last_value != NULL
                      ? sc_xasprintf("%s %s", reading->last_value, value)
                      : sc_xstrdup(value);
    char why[512];
    if (!setting_assign(reading->settings, name, whole, why, sizeof why)) {
        note_fault(reading, reading->number, why);
    }
    free(reading->last_name);
    free(reading->last_value);
    reading->last_name = name;
    reading->last_value = whole;
    return 1;
}

bool sc_settings_read(struct sc_settings *settings, const char *path, char *fault_out,
                      size_t fault_size) {
    struct reading reading = {.settings = settings,
                              .path = path,
                              .file = fopen(path, "re"),
                              .fault_out = fault_out,
                              .fault_size = fault_size};
    if (reading.file == NULL) {
        snprintf(fault_out, fault_size, "%s: %s", path, strerror(errno));
        return false;
    }
    int malformed = ini_parse_stream(give_line, &reading, take_value, &reading);
    if (malformed > 0) {
        note_fault(&reading, malformed, "is neither [section] nor key = value");
    }
    if (ferror(reading.file)) {
        note_fault(&reading, reading.number + 1, "can't be read");
    }
    free(reading.line);
    free(reading.last_name);
    free(reading.last_value);
    fclose(reading.file);
    return reading.fault_number == 0 && settings_anchor(settings, path, fault_out, fault_size);
}

static char *folder_of(const char *file) {
    const char *slash = strrchr(file, '/');
    char *named = slash == NULL   ? sc_xstrdup(".")
                  : slash == file ? sc_xstrdup("/")
                                  : sc_xmemdup(file, (size_t)(slash - file));
    char *folder = realpath(named, NULL);
    free(named);
    return folder;
}

static void anchor(char **path, size_t prefix, const char *folder) {
    if ((*path)[prefix] != '/') {
        char *whole = sc_xasprintf("%.*s%s/%s", (int)prefix, *path, folder, *path + prefix);
        free(*path);
        *path = whole;
    }
}

bool settings_anchor(struct sc_settings *settings, const char *file, char *fault_out,
                     size_t fault_size) {
    static const char scheme[] = "unix:";
    char *folder = folder_of(file);
    if (folder == NULL) {
        snprintf(fault_out, fault_size, "%s: %s", file, strerror(errno));
        return false;
    }
    for (size_t i = 0; i < settings_count; i++) {
        if (settings_rows[i].kind == SETTING_PATH) {
            anchor((char **)((char *)settings + settings_rows[i].offset), 0, folder);
        }
    }
    if (strncmp(settings->redis_url, scheme, sizeof scheme - 1) == 0) {
        anchor(&settings->redis_url, sizeof scheme - 1, folder);
    }
    free(folder);
    return true;
}
