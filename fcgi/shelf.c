/*
 * shelf: files by id on disk.
 *
 * Moving is renaming, so that there is either the whole file or none; for that the shelf and
 * nginx's spool have to be on one filesystem.
 */
#include "shelf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>

/* Also nginx looks in here, as the same user or one of its group. */
enum { FOLDER_MODE = 0750 };

void shelf_place(const char *id, char out[SHELF_PLACE_MAX]) {
    snprintf(out, SHELF_PLACE_MAX, "%.2s/%.2s/%s", id, id + 2, id);
}

static char *path_of(const char *dir, const char *id) {
    char place[SHELF_PLACE_MAX];
    shelf_place(id, place);
    return sc_xasprintf("%s/%s", dir, place);
}

static bool complain(const char *did, const char *path) {
    sc_log(SC_LOG_ERROR, "shelf", "did", did, "path", path, "why", strerror(errno), NULL);
    return false;
}

/* Does something with the folder that `path` is in. */
static bool with_above(char *path, int depth, bool (*act)(char *folder, int depth)) {
    char *slash = strrchr(path, '/');
    if (!slash || slash == path) {
        return true;
    }
    *slash = '\0';
    bool done = act(path, depth);
    *slash = '/';
    return done;
}

/* That the names in a folder are on disk. */
static bool settle(char *folder, int depth) {
    (void)depth;
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = descriptor >= 0 && fsync(descriptor) == 0;
    if (descriptor >= 0) {
        close(descriptor);
    }
    return done || complain("sync", folder);
}

/* Of the folders that lead here, `depth` may be missing, this one included. */
static bool make(char *folder, int depth) {
    if (mkdir(folder, FOLDER_MODE) == 0) {
        return with_above(folder, 0, settle);
    }
    if (errno == EEXIST) {
        return true;
    }
    if (errno != ENOENT || depth == 1) {
        return complain("make", folder);
    }
    return with_above(folder, depth - 1, make) && make(folder, 1);
}

enum sc_error shelf_put(const char *dir, const char *id, const char *path, int descriptor) {
    enum { FOLDERS = 3 };
    char *to = path_of(dir, id);
    bool put = with_above(to, FOLDERS, make) &&
               (fsync(descriptor) == 0 || complain("sync", path)) &&
               (rename(path, to) == 0 || complain("move", to)) && with_above(to, 0, settle);
    free(to);
    return put ? SC_OK : SC_INTERNAL;
}

bool shelf_has(const char *dir, const char *id) {
    char *path = path_of(dir, id);
    bool there = access(path, F_OK) == 0;
    free(path);
    return there;
}

bool shelf_drop(const char *dir, const char *id) {
    char *path = path_of(dir, id);
    bool gone = unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR || complain("drop", path);
    free(path);
    return gone;
}
