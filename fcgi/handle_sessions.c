/*
 * handle_sessions: the list of devices, and signing out.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "store_presence.h"
#include "store_sessions.h"

static json_t *row_json(const struct exchange *x, const char *id, const char *stored) {
    json_t *row = json_loads(stored, 0, NULL);
    if (!row) {
        return NULL;
    }
    json_object_del(row, "hash");
    json_object_set_new(row, "id", json_string(id));
    json_object_set_new(row, "current", json_boolean(strcmp(id, x->session.token.session) == 0));
    return row;
}

static enum sc_error add_online(const struct exchange *x, json_t **rows, size_t count) {
    const char **ids = sc_xcalloc(count + 1, sizeof *ids);
    bool *online = sc_xcalloc(count + 1, sizeof *online);
    for (size_t i = 0; i < count; i++) {
        ids[i] = json_string_value(json_object_get(rows[i], "id"));
    }
    enum sc_error error = store_online_sessions(x->link, x->session.user.id, ids, count, online);
    for (size_t i = 0; i < count; i++) {
        json_object_set_new(rows[i], "online", json_boolean(online[i]));
    }
    free(online);
    free(ids);
    return error;
}

static json_int_t seen_at(const json_t *row) {
    return json_integer_value(json_object_get(row, "seen_at"));
}

static int by_seen_at(const void *a, const void *b) {
    json_int_t left = seen_at(*(json_t *const *)a), right = seen_at(*(json_t *const *)b);
    return (left < right) - (left > right);
}

/* The latest used first. */
static json_t *sorted(json_t **rows, size_t count) {
    json_t *list = json_array();
    qsort(rows, count, sizeof *rows, by_seen_at);
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, rows[i]);
    }
    return list;
}

enum sc_error handle_sessions_list(struct exchange *x) {
    struct answer answer;
    enum sc_error error = store_session_list(
        x->link, x->session.user.id, x->site->settings->accounts_session_idle_s * 1000, &answer);
    size_t count = 0, fields = answer_count(&answer);
    json_t **rows = sc_xcalloc(fields / 2 + 1, sizeof *rows);
    for (size_t i = 1; error == SC_OK && i + 1 < fields; i += 2) {
        rows[count] = row_json(x, answer_text(&answer, i, NULL), answer_text(&answer, i + 1, NULL));
        count += rows[count] != NULL;
    }
    if (error == SC_OK) {
        error = add_online(x, rows, count);
    }
    json_t *list = sorted(rows, count);
    if (error == SC_OK) {
        reply_member(&x->reply, 200, "sessions", json_incref(list));
    }
    json_decref(list);
    free(rows);
    answer_deinit(&answer);
    return error;
}

enum sc_error handle_session_end(struct exchange *x) {
    const char *own = x->session.token.session;
    const char *id = strcmp(x->arguments[0], "current") == 0 ? own : x->arguments[0];
    if (!sc_id_valid(id, strlen(id))) {
        return SC_NOT_FOUND;
    }
    enum sc_error error = store_session_end(x->link, x->session.user.id, id, "");
    if (error != SC_OK) {
        return error;
    }
    handle_note(x, "session_ended", "session", id);
    if (strcmp(id, own) == 0) {
        session_set_cookie(x, "");
    }
    reply_nothing(&x->reply);
    return SC_OK;
}

enum sc_error handle_sessions_end(struct exchange *x) {
    enum sc_error error = store_session_end(x->link, x->session.user.id, "", "");
    if (error != SC_OK) {
        return error;
    }
    handle_note(x, "session_ended", "session", "all");
    session_set_cookie(x, "");
    reply_nothing(&x->reply);
    return SC_OK;
}
