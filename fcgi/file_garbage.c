/*
 * file_garbage: the order of removing a file.
 *
 * The row in the room first, so that nobody gets or sends it any more; then the bytes, the space
 * that they took, and last what would bring it up again. Each step may be done twice, so whoever
 * dies in between leaves it to the next one.
 */
#include "file_garbage.h"

#include "shelf.h"
#include "store_files.h"

static const int64_t DAY_MS = 24LL * 60 * 60 * 1000;

static enum sc_error forget(struct link *link, const char *file) {
    enum sc_error error = store_file_place_drop(link, file);
    return error == SC_OK ? store_file_due_drop(link, file) : error;
}

enum sc_error file_garbage_drop(struct link *link, const char *dir, const char *file,
                                const char *room, const char *user) {
    bool stays;
    enum sc_error error = store_file_drop(link, room, file, &stays);
    if (error == SC_OK && stays) {
        return store_file_due_set(link, file, DAY_MS);
    }
    if (error == SC_OK && !shelf_drop(dir, file)) {
        return store_file_due_set(link, file, DAY_MS);
    }
    if (error == SC_OK) {
        error = store_quota_give(link, user, file);
    }
    return error == SC_OK ? forget(link, file) : error;
}

enum sc_error file_garbage_look(struct link *link, const char *dir, const char *file) {
    struct store_file_place place;
    enum sc_error error = store_file_place(link, file, &place);
    if (error == SC_NOT_FOUND) {
        return shelf_drop(dir, file) ? forget(link, file) : store_file_due_set(link, file, DAY_MS);
    }
    return error == SC_OK ? file_garbage_drop(link, dir, file, place.room, place.user) : error;
}
