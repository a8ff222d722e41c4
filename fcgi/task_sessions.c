/*
 * task_sessions: `session ...`: where somebody is signed in, and putting an end to it.
 */
#include "task.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <stonechat/token.h>

#include "store_sessions.h"

static int64_t number(const json_t *session, const char *name) {
    return json_integer_value(json_object_get(session, name));
}

static const char *text(const json_t *session, const char *name) {
    const char *value = json_string_value(json_object_get(session, name));
    return value ? value : "";
}

static void print_session(const char *id, const char *stored) {
    char seen[TASK_TIME_CHARS], expires[TASK_TIME_CHARS];
    json_t *session = json_loads(stored, 0, NULL);
    printf("%-16s  %s  %s  %-15s  %s\n", id, task_time(number(session, "seen_at"), seen),
           task_time(number(session, "expires_at"), expires), text(session, "ip"),
           text(session, "user_agent"));
    json_decref(session);
}

int session_list(struct task *task, const struct user *user) {
    int64_t idle_ms = task->site->settings->accounts_session_idle_s * 1000;
    struct answer rows;
    enum sc_error error = store_session_list(&task->link, user->id, idle_ms, &rows);
    for (size_t i = 1; error == SC_OK && i + 1 < answer_count(&rows); i += 2) {
        print_session(answer_text(&rows, i, NULL), answer_text(&rows, i + 1, NULL));
    }
    answer_deinit(&rows);
    return task_outcome(user->name, error);
}

int session_revoke(struct task *task, const struct user *user) {
    const char *id = task->argc == 2 ? task->argv[1] : "";
    if (task->argc == 2 && !sc_id_valid(id, strlen(id))) {
        return task_outcome(id, SC_NOT_FOUND);
    }
    enum sc_error error = store_session_end(&task->link, user->id, id, "");
    if (error == SC_OK) {
        task_note("session_ended", "user", user->id);
    }
    return task_outcome(id[0] ? id : user->name, error);
}
