/*
 * file_garbage: files that no message has, or has any more, leave the disk, and their users get
 * the space back.
 *
 * Every file comes up (chore_files) within `files.unsent_s` of its upload and then once a day, and
 * at once when somebody says so (store_file_due_set with 0). What its row in the room says
 * decides: whoever deletes a message or a room has only to remove those rows with it.
 */
#ifndef FCGI_FILE_GARBAGE_H
#define FCGI_FILE_GARBAGE_H

#include "link.h"

/* Removes a file unless a message has it; then it comes up again. `dir` is files.dir. */
enum sc_error file_garbage_look(struct link *link, const char *dir, const char *file);

/* The same where it is known whose it is; also of what was begun only. */
enum sc_error file_garbage_drop(struct link *link, const char *dir, const char *file,
                                const char *room, const char *user);

#endif
