/*
 * file_garbage: files that no message has, or has any more, leave the disk, and their users get
 * the space back.
 *
 * A chore: every file comes up within `files.unsent_s` of its upload and then once a day, and at
 * once when somebody says so (store_file_due_set with 0). What a file's row in the room says
 * decides; whoever deletes a message or a room has only to remove those rows with it.
 */
#ifndef FCGI_FILE_GARBAGE_H
#define FCGI_FILE_GARBAGE_H

#include <stdbool.h>

#include <stonechat/settings.h>

#include "link.h"

/* Looks at some of those that are due; `more_out`: there are others. */
enum sc_error file_garbage_collect(struct link *link, const struct sc_settings *settings,
                                   bool *more_out);

/* Removes a file that was never sent, whatever of it is there. */
enum sc_error file_garbage_drop(struct link *link, const char *dir, const char *file,
                                const char *room, const char *user);

#endif
