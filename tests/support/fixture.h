/*
 * fixture: cases that are data files, so that anyone can add one.
 *
 * A case is a folder, tests/fixtures/CODEC/CASE/, with a file of what goes in and a file `expect`
 * of what must come out. A suite walks a folder, is shown each case, and names all that fail; a
 * folder without cases fails, too.
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <dirent.h>

#include "suite.h"

enum { FIXTURE_TEXT_MAX = 1 << 17 };

struct fixture {
    char path[512];
    char input[FIXTURE_TEXT_MAX]; /* NUL-terminated besides */
    size_t input_bytes;
    char expect[FIXTURE_TEXT_MAX]; /* without the last line's end */
    char got[FIXTURE_TEXT_MAX];    /* what the suite makes of it */
};

static inline size_t fixture_read(const char *path, const char *name, char *out) {
    char file[800];
    snprintf(file, sizeof file, "%s/%s", path, name);
    FILE *stream = fopen(file, "rb");
    if (stream == NULL) {
        fail_msg("%s can't be read", file);
    }
    size_t bytes = fread(out, 1, FIXTURE_TEXT_MAX - 1, stream);
    fclose(stream);
    out[bytes] = '\0';
    return bytes;
}

/* Appends to what the suite makes of the case. */
__attribute__((format(printf, 2, 3))) static inline void fixture_got(struct fixture *fixture,
                                                                     const char *format, ...) {
    size_t had = strlen(fixture->got);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fixture->got + had, sizeof fixture->got - had, format, arguments);
    va_end(arguments);
}

static inline bool fixture_passes(struct fixture *fixture, const char *input,
                                  void (*decode)(struct fixture *fixture)) {
    fixture->input_bytes = fixture_read(fixture->path, input, fixture->input);
    size_t bytes = fixture_read(fixture->path, "expect", fixture->expect);
    if (bytes > 0 && fixture->expect[bytes - 1] == '\n') {
        fixture->expect[bytes - 1] = '\0';
    }
    fixture->got[0] = '\0';
    decode(fixture);
    if (strcmp(fixture->got, fixture->expect) == 0) {
        return true;
    }
    print_error("%s\n  expected: %s\n  but got:  %s\n", fixture->path, fixture->expect,
                fixture->got);
    return false;
}

/* Shows every case of tests/fixtures/FOLDER to `decode`, with its file `input` read. */
static inline void fixtures_walk(const char *folder, const char *input,
                                 void (*decode)(struct fixture *fixture)) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct dirent **names = NULL;
    char path[256];
    size_t cases = 0, failures = 0;
    snprintf(path, sizeof path, "%s/%s", FIXTURES, folder);
    int count = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (names[i]->d_name[0] != '.') {
            snprintf(fixture->path, sizeof fixture->path, "%s/%s", path, names[i]->d_name);
            cases++;
            failures += fixture_passes(fixture, input, decode) ? 0 : 1;
        }
        free(names[i]);
    }
    free(names);
    free(fixture);
    assert_case(cases > 0, path);
    if (failures > 0) {
        fail_msg("%zu of %zu cases in %s", failures, cases, path);
    }
}

#endif
