/*
 * store_files: files as Redis knows them: where each is, in what it was sent, whose space it takes.
 *
 * A file's rows are in three slots, the room's, its user's and its own; in which order they are
 * written and removed is for handle_files and file_garbage to say.
 */
#ifndef FCGI_STORE_FILES_H
#define FCGI_STORE_FILES_H

#include <stdbool.h>

#include "link.h"

/* Of which room a file is and whose: its own row. */
struct store_file_place {
    char room[SC_ID_MAX + 1];
    char user[SC_ID_MAX + 1];
};
enum sc_error store_file_place(struct link *link, const char *file, struct store_file_place *out);
enum sc_error store_file_place_set(struct link *link, const char *file, const char *room,
                                   const char *user);
enum sc_error store_file_place_drop(struct link *link, const char *file);

/* Those to be looked at by now, at most `most`; and when to look at one again. */
enum sc_error store_files_due(struct link *link, int64_t most, struct answer *out);
enum sc_error store_file_due_set(struct link *link, const char *file, int64_t after_ms);
/* At once, those whose ids stand in the answer from row `first` on: some script has removed their
 * rows. Where that can't be told now they come up within a day. */
void store_files_released(struct link *link, const struct answer *answer, size_t first);
enum sc_error store_file_due_drop(struct link *link, const char *file);

/* Its row in the room. `shown` is its JSON. INVALID when it is empty. */
enum sc_error store_file_open(struct link *link, const char *room, const char *user,
                              const char *file, int64_t size, const char *shown);
/* Row 1 of the answer: its JSON. NOT_FOUND for who may not have it. */
enum sc_error store_file_see(struct link *link, const char *room, const char *user,
                             const char *file, struct answer *out);
/* `stays_out`: a message has it. */
enum sc_error store_file_drop(struct link *link, const char *room, const char *file,
                              bool *stays_out);

/* QUOTA when the user has not so much space left; `most` 0: without limit. */
enum sc_error store_quota_take(struct link *link, const char *user, const char *file, int64_t bytes,
                               int64_t most);
enum sc_error store_quota_give(struct link *link, const char *user, const char *file);

#endif
