/*
 * settings: the table of rows, and how a value gets from its text into the struct
 * (include/stonechat/settings.h).
 *
 * Every value, a default too, takes the same way: found by its name, read by its kind, checked
 * against its row. Where the text came from (settings_file.c, arguments.c) makes no difference.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>
#include <stonechat/text.h>

#include "settings_row.h"

/* clang-format off */
const struct setting settings_rows[] = {
#define ROW(kind, section, key, value, least, most, choices, help) \
    {#section "." #key, SETTING_##kind, offsetof(struct sc_settings, section##_##key), \
     value, least, most, choices, help},
#define INT(section, key, value, least, most, help) \
    ROW(INT, section, key, #value, least, most, NULL, help)
#define BOOL(section, key, value, help) ROW(BOOL, section, key, #value, 0, 0, NULL, help)
#define TEXT(section, key, value, help) ROW(TEXT, section, key, value, 0, 0, NULL, help)
#define PATH(section, key, value, help) ROW(PATH, section, key, value, 0, 0, NULL, help)
#define WORD(section, key, value, choices, help) \
    ROW(WORD, section, key, value, 0, 0, choices, help)
    SC_SETTINGS(INT, BOOL, TEXT, PATH, WORD)
#undef ROW
#undef INT
#undef BOOL
#undef TEXT
#undef PATH
#undef WORD
};
/* clang-format on */
const size_t settings_count = sizeof settings_rows / sizeof settings_rows[0];

static void *place_of(struct sc_settings *settings, const struct setting *row) {
    return (char *)settings + row->offset;
}

/* Each reader of a kind sets `place`, or leaves it alone and says why in `why`. */
enum { WHY_MAX = 256 };

static bool read_int(const struct setting *row, const char *value, void *place, char *why) {
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (value[strspn(value, "-0123456789")] != '\0' || end == value || *end != '\0') {
        snprintf(why, WHY_MAX, "`%.40s` is not a whole number", value);
        return false;
    }
    if (errno == ERANGE || number < row->least || number > row->most) {
        snprintf(why, WHY_MAX, "%.40s is not from %lld to %lld", value, (long long)row->least,
                 (long long)row->most);
        return false;
    }
    *(int64_t *)place = number;
    return true;
}

static bool read_bool(const struct setting *row, const char *value, void *place, char *why) {
    static const char *const words[][2] = {
        {"no", "yes"}, {"false", "true"}, {"off", "on"}, {"0", "1"}};
    (void)row;
    for (size_t i = 0; i < 2 * sizeof words / sizeof words[0]; i++) {
        if (strcmp(value, words[i / 2][i % 2]) == 0) {
            *(bool *)place = i % 2 == 1;
            return true;
        }
    }
    snprintf(why, WHY_MAX, "`%.40s` is neither yes nor no", value);
    return false;
}

static bool read_text(const struct setting *row, const char *value, void *place, char *why) {
    const char *broken = setting_rule(row->name, value);
    if (sc_text_check(SC_TEXT_MAYBE, value, strlen(value), 0, SIZE_MAX, 0) != SC_TEXT_FINE) {
        broken = "holds control characters or is not UTF-8";
    }
    if (broken != NULL) {
        snprintf(why, WHY_MAX, "%s", broken);
        return false;
    }
    char **text = place;
    free(*text);
    *text = sc_xstrdup(value);
    return true;
}

static bool read_path(const struct setting *row, const char *value, void *place, char *why) {
    if (value[0] == '\0') {
        snprintf(why, WHY_MAX, "is empty");
        return false;
    }
    return read_text(row, value, place, why);
}

static bool is_choice(const char *choices, const char *value) {
    size_t bytes = strlen(value);
    for (const char *choice = choices; choice != NULL;) {
        const char *bar = strchr(choice, '|');
        size_t choice_bytes = bar == NULL ? strlen(choice) : (size_t)(bar - choice);
        if (choice_bytes == bytes && memcmp(choice, value, bytes) == 0) {
            return true;
        }
        choice = bar == NULL ? NULL : bar + 1;
    }
    return false;
}

static bool read_word(const struct setting *row, const char *value, void *place, char *why) {
    if (!is_choice(row->choices, value)) {
        snprintf(why, WHY_MAX, "`%.40s` is none of %s", value, row->choices);
        return false;
    }
    return read_text(row, value, place, why);
}

static const struct kind {
    bool (*read)(const struct setting *row, const char *value, void *place, char *why);
    size_t size;
    bool is_owned; /* the place holds a pointer to memory of its own */
} kinds[] = {
    [SETTING_INT] = {read_int, sizeof(int64_t), false},
    [SETTING_BOOL] = {read_bool, sizeof(bool), false},
    [SETTING_TEXT] = {read_text, sizeof(char *), true},
    [SETTING_PATH] = {read_path, sizeof(char *), true},
    [SETTING_WORD] = {read_word, sizeof(char *), true},
};

void sc_settings_init(struct sc_settings *settings) {
    memset(settings, 0, sizeof *settings);
    for (size_t i = 0; i < settings_count; i++) {
        const struct setting *row = &settings_rows[i];
        char why[WHY_MAX];
        if (!kinds[row->kind].read(row, row->value, place_of(settings, row), why)) {
            fprintf(stderr, "%s: its own default: %s\n", row->name, why);
            abort();
        }
    }
}

void sc_settings_deinit(struct sc_settings *settings) {
    for (size_t i = 0; i < settings_count; i++) {
        if (kinds[settings_rows[i].kind].is_owned) {
            char **text = place_of(settings, &settings_rows[i]);
            free(*text);
            *text = NULL;
        }
    }
}

bool setting_same(const struct setting *row, const struct sc_settings *a,
                  const struct sc_settings *b) {
    const void *first = (const char *)a + row->offset;
    const void *second = (const char *)b + row->offset;
    if (kinds[row->kind].is_owned) {
        return strcmp(*(char *const *)first, *(char *const *)second) == 0;
    }
    return memcmp(first, second, kinds[row->kind].size) == 0;
}

void setting_swap(const struct setting *row, struct sc_settings *a, struct sc_settings *b) {
    char kept[sizeof(int64_t)];
    size_t size = kinds[row->kind].size;
    memcpy(kept, place_of(a, row), size);
    memcpy(place_of(a, row), place_of(b, row), size);
    memcpy(place_of(b, row), kept, size);
}

const struct setting *setting_find(const char *name) {
    for (size_t i = 0; i < settings_count; i++) {
        if (strcmp(settings_rows[i].name, name) == 0) {
            return &settings_rows[i];
        }
    }
    return NULL;
}

static bool refuse_unknown(const char *name, char *fault_out, size_t fault_size) {
    const struct setting *meant = setting_nearest(name);
    if (meant == NULL) {
        snprintf(fault_out, fault_size, "%s: there is no such setting", name);
    } else {
        snprintf(fault_out, fault_size, "%s: there is no such setting; is %s meant?", name,
                 meant->name);
    }
    return false;
}

bool setting_assign(struct sc_settings *settings, const char *name, const char *value,
                    char *fault_out, size_t fault_size) {
    const struct setting *row = setting_find(name);
    if (row == NULL) {
        return refuse_unknown(name, fault_out, fault_size);
    }
    char why[WHY_MAX];
    if (!kinds[row->kind].read(row, value, place_of(settings, row), why)) {
        snprintf(fault_out, fault_size, "%s: %s", name, why);
        return false;
    }
    return true;
}

bool sc_settings_set(struct sc_settings *settings, const char *assignment, char *fault_out,
                     size_t fault_size) {
    const char *equals = strchr(assignment, '=');
    if (equals == NULL) {
        snprintf(fault_out, fault_size, "%.100s: is not section.key=value", assignment);
        return false;
    }
    char *name = sc_xmemdup(assignment, (size_t)(equals - assignment));
    bool done = setting_assign(settings, name, equals + 1, fault_out, fault_size);
    free(name);
    return done;
}
