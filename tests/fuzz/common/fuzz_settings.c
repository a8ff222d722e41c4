/*
 * settings: the INI file and --set.
 *
 * Whatever stands there, the settings keep to their rows, and a fault is said in one line. The
 * bytes are a file's content, and each of its lines also what follows --set.
 */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include <stonechat/memory.h>
#include <stonechat/settings.h>
#include <stonechat/text.h>

enum { FAULT_MAX = 512 };

static bool is_choice(const char *choices, const char *word) {
    size_t bytes = strlen(word);
    for (const char *at = choices; at != NULL; at = strchr(at, '|')) {
        at += *at == '|' ? 1 : 0;
        if (strcspn(at, "|") == bytes && memcmp(at, word, bytes) == 0) {
            return true;
        }
    }
    return false;
}

static void judge_text(const char *text) {
    demand(text != NULL);
    demand(sc_text_check(SC_TEXT_MAYBE, text, strlen(text), 0, SIZE_MAX, 0) == SC_TEXT_FINE);
}

static void judge_settings(const struct sc_settings *settings) {
#define INT(section, key, value, least, most, help)                                                \
    demand(settings->section##_##key >= (least) && settings->section##_##key <= (most));
#define BOOL(section, key, value, help)
#define TEXT(section, key, value, help) judge_text(settings->section##_##key);
#define PATH                            TEXT
#define WORD(section, key, value, choices, help)                                                   \
    demand(is_choice(choices, settings->section##_##key));
    SC_SETTINGS(INT, BOOL, TEXT, PATH, WORD)
#undef INT
#undef BOOL
#undef TEXT
#undef PATH
#undef WORD
}

static void judge_fault(bool done, const char *fault) {
    demand(done || (*fault != '\0' && strchr(fault, '\n') == NULL));
}

static void read_file(struct sc_settings *settings, const uint8_t *data, size_t size) {
    char path[64], fault[FAULT_MAX] = "";
    int file = memfd_create("stonechat.conf", 0);
    demand(file >= 0 && write(file, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    judge_fault(sc_settings_read(settings, path, fault, sizeof fault), fault);
    close(file);
}

static void set_lines(struct sc_settings *settings, const uint8_t *data, size_t size) {
    char *text = sc_xmemdup((const char *)data, size);
    char *rest = text, *line;
    while ((line = strsep(&rest, "\n")) != NULL) {
        char fault[FAULT_MAX] = "";
        judge_fault(sc_settings_set(settings, line, fault, sizeof fault), fault);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct sc_settings settings;
    sc_settings_init(&settings);
    read_file(&settings, data, size);
    judge_settings(&settings);
    set_lines(&settings, data, size);
    judge_settings(&settings);
    sc_settings_deinit(&settings);
    return 0;
}
