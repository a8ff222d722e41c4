/*
 * mentions: from the names in a text to the users who have them (see mentions.h).
 *
 * Called for what is sent and for what is edited. Who of them may see the room is for the script to
 * say, in the same step that appends the entry.
 */
#include "mentions.h"

#include <stdio.h>
#include <string.h>

#include <stonechat/mention.h>

#include "store_names.h"

struct picked {
    const char *ids[SC_MENTION_USERS_MAX];
    size_t count;
};

static bool is_picked(const struct picked *picked, const char *id) {
    for (size_t i = 0; i < picked->count; i++) {
        if (strcmp(picked->ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}

/* Of each place the first name, which is the longest, that somebody has. */
static void pick(struct picked *picked, const struct sc_mention_scan *scan,
                 const struct store_id *ids, const char *self) {
    unsigned next = 0;
    for (size_t i = 0; i < scan->count && picked->count < SC_MENTION_USERS_MAX; i++) {
        const char *id = ids[i].text;
        if (scan->places[i] < next || id[0] == '\0') {
            continue;
        }
        next = scan->places[i] + 1;
        if (strcmp(id, self) != 0 && !is_picked(picked, id)) {
            picked->ids[picked->count++] = id;
        }
    }
}

enum sc_error mentions_find(struct exchange *x, const char *text, size_t bytes, char **ids_out) {
    const struct sc_settings *settings = x->site->settings;
    struct sc_mention_scan scan;
    struct store_id ids[SC_MENTION_NAMES_MAX];
    struct picked picked = {.count = 0};
    size_t out_bytes;
    enum sc_error error = SC_OK;
    sc_mention_scan_init(&scan, text, bytes, (size_t)settings->limits_name_chars_min,
                         (size_t)settings->limits_name_chars);
    if (scan.count > 0) {
        error = store_names_find(x->link, STORE_USER_NAME, (const char *const *)scan.names,
                                 scan.count, ids);
    }
    if (error == SC_OK) {
        pick(&picked, &scan, ids, x->session.user.id);
    }
    FILE *out = open_memstream(ids_out, &out_bytes);
    for (size_t i = 0; i < picked.count; i++) {
        fprintf(out, "%s%s", i > 0 ? " " : "", picked.ids[i]);
    }
    fclose(out);
    sc_mention_scan_deinit(&scan);
    return error;
}
