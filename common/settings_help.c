/*
 * settings_help: the rows of include/stonechat/settings.h, printed or told for people.
 */
#include <stdio.h>
#include <string.h>

#include "settings_row.h"

void setting_values(const struct setting *row, char *out) {
    switch (row->kind) {
    case SETTING_INT:
        snprintf(out, SETTING_VALUES_MAX, "%lld to %lld", (long long)row->least,
                 (long long)row->most);
        break;
    case SETTING_BOOL:
        snprintf(out, SETTING_VALUES_MAX, "yes or no");
        break;
    case SETTING_WORD:
        snprintf(out, SETTING_VALUES_MAX, "%s", row->choices);
        break;
    case SETTING_PATH:
        snprintf(out, SETTING_VALUES_MAX, "a path");
        break;
    case SETTING_TEXT:
        snprintf(out, SETTING_VALUES_MAX, "text");
        break;
    }
}

static size_t section_bytes(const struct setting *row) {
    return strcspn(row->name, ".");
}

static bool begins_section(size_t i) {
    size_t bytes = section_bytes(&settings_rows[i]);
    return i == 0 || strncmp(settings_rows[i].name, settings_rows[i - 1].name, bytes + 1) != 0;
}

void sc_settings_help(void) {
    for (size_t i = 0; i < settings_count; i++) {
        const struct setting *row = &settings_rows[i];
        size_t bytes = section_bytes(row);
        char values[SETTING_VALUES_MAX];
        if (begins_section(i)) {
            printf("\n[%.*s]\n", (int)bytes, row->name);
        }
        setting_values(row, values);
        printf("%s = %s\n        %s (%s)\n", row->name + bytes + 1, row->value, row->help, values);
    }
}

/* In a table's cell a bar would end the cell. */
static void print_cell(const char *text) {
    for (; *text != '\0'; text++) {
        printf(*text == '|' ? "\\|" : "%c", *text);
    }
}

void sc_settings_markdown(void) {
    printf("| setting | default | values | meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < settings_count; i++) {
        const struct setting *row = &settings_rows[i];
        char values[SETTING_VALUES_MAX];
        setting_values(row, values);
        printf("| `%s` | %s%s%s | ", row->name, row->value[0] == '\0' ? "" : "`", row->value,
               row->value[0] == '\0' ? "" : "`");
        print_cell(values);
        printf(" | ");
        print_cell(row->help);
        printf(" |\n");
    }
}

/* Rows that hold, or may hold, what lets somebody in. */
static bool is_secret(const char *name) {
    static const char *const secrets[] = {"redis.url", "redis.sentinel_password",
                                          "accounts.jwt_key"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        if (strcmp(secrets[i], name) == 0) {
            return true;
        }
    }
    return false;
}

enum { NUMBER_CHARS = 24 };

static const char *value_of(const struct sc_settings *settings, const struct setting *row,
                            char number[NUMBER_CHARS]) {
    const void *place = (const char *)settings + row->offset;
    switch (row->kind) {
    case SETTING_INT:
        snprintf(number, NUMBER_CHARS, "%lld", (long long)*(const int64_t *)place);
        return number;
    case SETTING_BOOL:
        return *(const bool *)place ? "yes" : "no";
    case SETTING_TEXT:
    case SETTING_PATH:
    case SETTING_WORD:
        break;
    }
    return *(const char *const *)place;
}

void sc_settings_each(const struct sc_settings *settings,
                      void (*see)(void *context, const struct sc_setting *setting), void *context) {
    for (size_t i = 0; i < settings_count; i++) {
        const struct setting *row = &settings_rows[i];
        char number[NUMBER_CHARS];
        const char *value = value_of(settings, row, number);
        bool secret = is_secret(row->name);
        const struct sc_setting setting = {.name = row->name,
                                           .value = secret ? "" : value,
                                           .usual = row->value,
                                           .help = row->help,
                                           .is_secret = secret,
                                           .is_set = strcmp(value, row->value) != 0};
        see(context, &setting);
    }
}
