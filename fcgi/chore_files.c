/*
 * chore_files: looks whether the files that are due are still wanted.
 */
#include "chore.h"

#include "file_garbage.h"
#include "store_files.h"

enum { BATCH = 10 };

enum sc_error chore_files(struct link *link, const struct sc_settings *settings, bool *more_out) {
    struct answer due;
    enum sc_error error = store_files_due(link, BATCH, &due);
    size_t count = error == SC_OK ? answer_count(&due) - 1 : 0;
    for (size_t i = 0; i < count && error == SC_OK; i++) {
        link_extend(link);
        error = file_garbage_look(link, settings->files_dir, answer_text(&due, i + 1, NULL));
    }
    *more_out = count == BATCH;
    answer_deinit(&due);
    return error;
}
