/*
 * store_files: files as Redis knows them.
 */
#include "store_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

_Static_assert(SC_ID_MAX == 32, "as the form below has it");

enum sc_error store_file_place(struct link *link, const char *file, struct store_file_place *out) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "GET");
    ask_key(&ask, sc_key(SC_KEY_FILE, file));
    enum sc_error error = link_ask(link, &ask, &answer);
    const char *text = answer_text(&answer, 0, NULL);
    if (error == SC_OK && sscanf(text, "%32[a-z0-9] %32[a-z0-9]", out->room, out->user) != 2) {
        error = SC_NOT_FOUND;
    }
    answer_deinit(&answer);
    return error;
}

enum sc_error store_file_place_set(struct link *link, const char *file, const char *room,
                                   const char *user) {
    struct ask ask;
    char *place = sc_xasprintf("%s %s", room, user);
    ask_command(&ask, "SET");
    ask_key(&ask, sc_key(SC_KEY_FILE, file));
    ask_text(&ask, place);
    enum sc_error error = link_tell(link, &ask);
    free(place);
    return error;
}

enum sc_error store_file_place_drop(struct link *link, const char *file) {
    struct ask ask;
    ask_command(&ask, "DEL");
    ask_key(&ask, sc_key(SC_KEY_FILE, file));
    return link_tell(link, &ask);
}

enum sc_error store_files_due(struct link *link, int64_t most, struct answer *out) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_DUE_LIST);
    ask_key(&ask, sc_key(SC_KEY_FILES_DUE));
    ask_number(&ask, most);
    return link_ask(link, &ask, out);
}

enum sc_error store_file_due_set(struct link *link, const char *file, int64_t after_ms) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_DUE_SET);
    ask_key(&ask, sc_key(SC_KEY_FILES_DUE));
    ask_text(&ask, file);
    ask_number(&ask, after_ms);
    return link_tell(link, &ask);
}

void store_files_released(struct link *link, const struct answer *answer, size_t first) {
    enum sc_error error = SC_OK;
    for (size_t i = first; error == SC_OK && i < answer_count(answer); i++) {
        error = store_file_due_set(link, answer_text(answer, i, NULL), 0);
    }
}

enum sc_error store_file_due_drop(struct link *link, const char *file) {
    struct ask ask;
    ask_command(&ask, "ZREM");
    ask_key(&ask, sc_key(SC_KEY_FILES_DUE));
    ask_text(&ask, file);
    return link_tell(link, &ask);
}

enum sc_error store_file_open(struct link *link, const char *room, const char *user,
                              const char *file, int64_t size, const char *shown) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_FILE_OPEN);
    ask_key(&ask, sc_key(SC_KEY_ROOM, room));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(&ask, sc_key(SC_KEY_MUTES, room));
    ask_key(&ask, sc_key(SC_KEY_FILES, room));
    ask_text(&ask, user);
    ask_text(&ask, file);
    ask_number(&ask, size);
    ask_text(&ask, shown);
    return link_tell(link, &ask);
}

enum sc_error store_file_see(struct link *link, const char *room, const char *user,
                             const char *file, struct answer *out) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_FILE_SEE);
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, room));
    ask_key(&ask, sc_key(SC_KEY_FILES, room));
    ask_text(&ask, user);
    ask_text(&ask, file);
    return link_ask(link, &ask, out);
}

enum sc_error store_file_drop(struct link *link, const char *room, const char *file,
                              bool *stays_out) {
    struct ask ask;
    struct answer answer;
    ask_script(&ask, SC_SCRIPT_FILE_DROP);
    ask_key(&ask, sc_key(SC_KEY_FILES, room));
    ask_text(&ask, file);
    enum sc_error error = link_ask(link, &ask, &answer);
    *stays_out = error == SC_OK && answer_number(&answer, 1) == 1;
    answer_deinit(&answer);
    return error;
}

enum sc_error store_quota_take(struct link *link, const char *user, const char *file, int64_t bytes,
                               int64_t most) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_QUOTA_TAKE);
    ask_key(&ask, sc_key(SC_KEY_USER_FILES, user));
    ask_text(&ask, file);
    ask_number(&ask, bytes);
    ask_number(&ask, most);
    return link_tell(link, &ask);
}

enum sc_error store_quota_give(struct link *link, const char *user, const char *file) {
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_QUOTA_GIVE);
    ask_key(&ask, sc_key(SC_KEY_USER_FILES, user));
    ask_text(&ask, file);
    return link_tell(link, &ask);
}
