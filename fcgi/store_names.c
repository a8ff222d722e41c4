/*
 * store_names: names that are owned, and the sorted sets in which they are found by prefix.
 *
 * A name is claimed for a while, then what bears it is written under another slot, then the name
 * is kept: whoever dies in between has lost nothing but that while.
 */
#include "store_names.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>
#include <stonechat/token.h>

enum { RESERVE_MS = 15000, SEPARATOR = '\x01' };

static const enum sc_key_kind name_keys[] = {
    [STORE_USER_NAME] = SC_KEY_NAME,
    [STORE_ROOM_NAME] = SC_KEY_ROOM_NAME,
    [STORE_SUBJECT] = SC_KEY_SUBJECT,
};
static const enum sc_key_kind index_keys[] = {
    [STORE_USER_NAME] = SC_KEY_USER_INDEX, [STORE_ROOM_NAME] = SC_KEY_ROOM_INDEX};

static void ask_name(struct ask *ask, enum sc_script_id script, enum store_name kind,
                     const char *folded, const char *id) {
    ask_script(ask, script);
    ask_key(ask, sc_key(name_keys[kind], folded));
    ask_text(ask, id);
}

enum sc_error store_name_claim(struct link *link, enum store_name kind, const char *folded,
                               const char *id) {
    struct ask ask;
    ask_name(&ask, SC_SCRIPT_NAME_CLAIM, kind, folded, id);
    ask_number(&ask, RESERVE_MS);
    return link_tell(link, &ask);
}

enum sc_error store_name_keep(struct link *link, enum store_name kind, const char *folded,
                              const char *id) {
    struct ask ask;
    ask_name(&ask, SC_SCRIPT_NAME_KEEP, kind, folded, id);
    return link_tell(link, &ask);
}

enum sc_error store_name_release(struct link *link, enum store_name kind, const char *folded,
                                 const char *id) {
    struct ask ask;
    ask_name(&ask, SC_SCRIPT_NAME_RELEASE, kind, folded, id);
    return link_tell(link, &ask);
}

enum sc_error store_name_find(struct link *link, enum store_name kind, const char *folded,
                              char id_out[SC_ID_MAX + 1]) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "GET");
    ask_key(&ask, sc_key(name_keys[kind], folded));
    enum sc_error error = link_ask(link, &ask, &answer);
    size_t bytes;
    const char *id = answer_text(&answer, 0, &bytes);
    if (error != SC_OK || bytes > SC_ID_MAX) {
        bytes = 0;
    }
    memcpy(id_out, id, bytes);
    id_out[bytes] = '\0';
    answer_deinit(&answer);
    return error;
}

struct sought {
    enum store_name kind;
    const char *const *folded;
    struct store_id *ids;
};

static void ask_owner(void *context, size_t i, struct ask *out) {
    const struct sought *sought = context;
    ask_command(out, "GET");
    ask_key(out, sc_key(name_keys[sought->kind], sought->folded[i]));
}

static void take_owner(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct sought *sought = context;
    size_t bytes;
    const char *id = answer_text(answer, 0, &bytes);
    if (error == SC_OK && bytes <= SC_ID_MAX) {
        memcpy(sought->ids[i].text, id, bytes + 1);
    }
}

enum sc_error store_names_find(struct link *link, enum store_name kind, const char *const *folded,
                               size_t count, struct store_id *ids_out) {
    struct sought sought = {kind, folded, ids_out};
    struct link_batch batch = {count, ask_owner, take_owner, &sought};
    memset(ids_out, 0, count * sizeof *ids_out);
    return link_run(link, &batch);
}

static char *member_new(const char *folded, const char *id) {
    return sc_xasprintf("%s%c%s", folded, SEPARATOR, id);
}

static enum sc_error change_index(struct link *link, enum store_name kind, const char *folded,
                                  const char *id, bool add) {
    struct ask ask;
    char *member = member_new(folded, id);
    ask_command(&ask, add ? "ZADD" : "ZREM");
    ask_key(&ask, sc_key(index_keys[kind]));
    if (add) {
        ask_number(&ask, 0);
    }
    ask_text(&ask, member);
    enum sc_error error = link_tell(link, &ask);
    free(member);
    return error;
}

enum sc_error store_index_add(struct link *link, enum store_name kind, const char *folded,
                              const char *id) {
    return change_index(link, kind, folded, id, true);
}

enum sc_error store_index_remove(struct link *link, enum store_name kind, const char *folded,
                                 const char *id) {
    return change_index(link, kind, folded, id, false);
}

enum sc_error store_index_begin(struct link *link, enum store_name kind, const char *folded,
                                const char *id) {
    struct ask ask;
    char *member = member_new(folded, id);
    ask_script(&ask, SC_SCRIPT_NAME_FIRST);
    ask_key(&ask, sc_key(index_keys[kind]));
    ask_text(&ask, member);
    enum sc_error error = link_tell(link, &ask);
    free(member);
    return error;
}

enum sc_error store_index_is_empty(struct link *link, enum store_name kind, bool *out) {
    struct ask ask;
    struct answer answer;
    ask_command(&ask, "EXISTS");
    ask_key(&ask, sc_key(index_keys[kind]));
    enum sc_error error = link_ask(link, &ask, &answer);
    *out = error == SC_OK && answer_number(&answer, 0) == 0;
    answer_deinit(&answer);
    return error;
}

enum sc_error store_index_page(struct link *link, enum store_name kind, const char *prefix,
                               const char *after, int64_t most, struct answer *out) {
    struct ask ask;
    char *from = after[0] ? sc_xasprintf("(%s", after) : sc_xasprintf("[%s", prefix);
    /* 0xff is no byte of UTF-8, so this is above every member that begins with the prefix. */
    char *to = sc_xasprintf("[%s\xff", prefix);
    ask_command(&ask, "ZRANGEBYLEX");
    ask_key(&ask, sc_key(index_keys[kind]));
    ask_text(&ask, from);
    ask_text(&ask, to);
    ask_text(&ask, "LIMIT");
    ask_number(&ask, 0);
    ask_number(&ask, most);
    enum sc_error error = link_ask(link, &ask, out);
    free(to);
    free(from);
    return error;
}

const char *store_index_id(const char *member) {
    const char *separator = strrchr(member, SEPARATOR);
    return separator && sc_id_valid(separator + 1, strlen(separator + 1)) ? separator + 1 : "";
}
