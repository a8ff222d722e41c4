/*
 * task: one command of the command line under way, and how it says what came of it.
 */
#ifndef FCGI_TASK_H
#define FCGI_TASK_H

#include <stdint.h>

#include <stonechat/error.h>

#include "link.h"
#include "site.h"
#include "user.h"

struct task {
    struct site *site;
    struct link link;
    int argc; /* what follows the verb */
    char **argv;
};

/* Exit statuses: 0; 1 after a line on stderr about `name`. */
int task_fail(const char *name, const char *what);
int task_outcome(const char *name, enum sc_error error);

/* For the log: who was at the command line is not known. */
void task_note(const char *event, const char *field, const char *value);

/* `2026-01-31T23:59:59Z`. */
enum { TASK_TIME_CHARS = 32 };
const char *task_time(int64_t ms, char out[TASK_TIME_CHARS]);

/* The commands, one function each; see admin for what follows them. */
int session_list(struct task *task, const struct user *user);
int session_revoke(struct task *task, const struct user *user);
int room_list(struct task *task);
int room_show(struct task *task);
int room_delete(struct task *task);

#endif
