/*
 * shelf: where the bytes of uploaded files are, each under its id, two folders deep.
 *
 * `dir` is files.dir. Whose a file is and who may have it, the shelf does not know.
 */
#ifndef FCGI_SHELF_H
#define FCGI_SHELF_H

#include <stdbool.h>

#include <stonechat/error.h>
#include <stonechat/limits.h>

enum { SHELF_PLACE_MAX = SC_ID_MAX + 8 };

/* Where below the shelf a file is: `ab/cd/abcd...`. */
void shelf_place(const char *id, char out[SHELF_PLACE_MAX]);

/* Moves what is at `path`, open as `descriptor`, to its place; not a byte is copied, and when it
 * returns SC_OK the disk has it. INTERNAL, with a line in the log, when it can't. */
enum sc_error shelf_put(const char *dir, const char *id, const char *path, int descriptor);
/* Whether a file is in its place. */
bool shelf_has(const char *dir, const char *id);
/* Removes a file, should it be there; false, with a line in the log, when it can't. */
bool shelf_drop(const char *dir, const char *id);

#endif
