/*
 * admin: accounts, sessions and rooms from the command line, one row a command.
 *
 * Goes through the same functions as the endpoints, so that both obey one set of rules; but for
 * names that are reserved and registration that is closed, which bind only strangers.
 */
#include "admin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "password.h"
#include "store_names.h"
#include "store_users.h"
#include "task.h"
#include "terminal.h"

/* The account of that name, to be given back with user_deinit. */
static enum sc_error find(struct task *task, const char *name, struct user *out) {
    char folded[SC_NAME_MAX_BYTES + 1], id[SC_ID_MAX + 1];
    sc_text_fold(name, strlen(name), folded, sizeof folded);
    enum sc_error error = store_name_find(&task->link, STORE_USER_NAME, folded, id);
    if (error == SC_OK && id[0] == '\0') {
        error = SC_NOT_FOUND;
    }
    return error == SC_OK ? store_user(&task->link, id, out) : error;
}

/* A new password for the account whose normal form is `folded`; NULL after saying why not. */
static char *new_password(struct task *task, const char *folded) {
    char *password = terminal_password();
    if (!password) {
        task_fail("password", "none was given, or the two are not the same");
        return NULL;
    }
    size_t bytes = strlen(password);
    enum sc_text_fault fault = password_check(task->site->settings, password, bytes);
    if (fault == SC_TEXT_FINE && password_is_name(folded, password, bytes)) {
        fault = SC_TEXT_COMMON;
    }
    if (fault == SC_TEXT_FINE) {
        return password;
    }
    task_fail("password", sc_text_fault_sentence(fault));
    terminal_forget(&password);
    return NULL;
}

static int add_with(struct task *task, const char *folded, const char *role, char *password) {
    const struct account_wish wish = {.name = task->argv[0],
                                      .folded = folded,
                                      .display = task->argv[0],
                                      .role = role,
                                      .password = password,
                                      .password_bytes = strlen(password)};
    struct user user;
    enum sc_error error = account_open(task->site, &task->link, &wish, &user);
    if (error != SC_OK) {
        return task_outcome(task->argv[0], error);
    }
    task_note("registration", "user", user.id);
    printf("%s\n", user.id);
    user_deinit(&user);
    return 0;
}

static int add(struct task *task) {
    const struct sc_settings *settings = task->site->settings;
    const char *name = task->argv[0];
    char folded[SC_NAME_MAX_BYTES + 1];
    if (task->argc == 2 && strcmp(task->argv[1], "--admin") != 0) {
        return 2;
    }
    enum sc_text_fault fault =
        sc_name_fold(name, strlen(name), (size_t)settings->limits_name_chars_min,
                     (size_t)settings->limits_name_chars, folded);
    if (fault != SC_TEXT_FINE) {
        return task_fail(name, sc_text_fault_sentence(fault));
    }
    char *password = new_password(task, folded);
    if (!password) {
        return 1;
    }
    int status = add_with(task, folded, task->argc == 2 ? "admin" : "member", password);
    terminal_forget(&password);
    return status;
}

static void print_user(struct task *task, const struct user *user) {
    struct store_secret secret;
    char created[TASK_TIME_CHARS];
    store_secret(&task->link, user->id, &secret);
    printf("%-16s  %-6s  %-8s  %s  %s\n", user->id, user->role,
           secret.disabled ? "disabled" : "enabled", task_time((int64_t)user->created_at, created),
           user->name);
    free(secret.hash);
}

/* An account stands in the index by its name and by its display name: listed by the first. */
static enum sc_error print_member(struct task *task, const char *member) {
    const char *id = store_index_id(member);
    char folded[SC_NAME_MAX_BYTES + 1];
    struct user user;
    enum sc_error error = store_user(&task->link, id, &user);
    if (error == SC_NOT_FOUND) {
        return SC_OK;
    }
    if (error != SC_OK) {
        return error;
    }
    sc_text_fold(user.name, strlen(user.name), folded, sizeof folded);
    size_t bytes = strlen(folded);
    if (strncmp(member, folded, bytes) == 0 && member + bytes + 1 == id) {
        print_user(task, &user);
    }
    user_deinit(&user);
    return SC_OK;
}

static int list(struct task *task) {
    enum { PAGE = 500 };
    char after[2 * SC_NAME_MAX_BYTES] = "";
    enum sc_error error = SC_OK;
    size_t count = PAGE;
    while (error == SC_OK && count == PAGE) {
        struct answer members;
        link_extend(&task->link);
        error = store_index_page(&task->link, STORE_USER_NAME, "", after, PAGE, &members);
        count = answer_count(&members);
        for (size_t i = 0; i < count && error == SC_OK; i++) {
            link_extend(&task->link);
            error = print_member(task, answer_text(&members, i, NULL));
            snprintf(after, sizeof after, "%s", answer_text(&members, i, NULL));
        }
        answer_deinit(&members);
    }
    return task_outcome("list", error);
}

static enum sc_error set_password(struct task *task, const struct user *user,
                                  const char *password) {
    char hash[HASHER_HASH_MAX];
    const struct account_password wish = {
        .user = user->id, .text = password, .bytes = strlen(password), .ends_sessions = true};
    return account_set_password(task->site, &task->link, &wish, hash);
}

static int passwd(struct task *task, const struct user *user) {
    char folded[SC_NAME_MAX_BYTES + 1];
    sc_text_fold(user->name, strlen(user->name), folded, sizeof folded);
    char *password = new_password(task, folded);
    if (!password) {
        return 1;
    }
    link_extend(&task->link);
    enum sc_error error = set_password(task, user, password);
    terminal_forget(&password);
    if (error == SC_OK) {
        task_note("password_changed", "user", user->id);
    }
    return task_outcome(user->name, error);
}

static int disable(struct task *task, const struct user *user) {
    enum sc_error error = account_set_disabled(&task->link, user, true, "");
    if (error == SC_OK) {
        task_note("user_disabled", "user", user->id);
    }
    return task_outcome(user->name, error);
}

static int enable(struct task *task, const struct user *user) {
    enum sc_error error = account_set_disabled(&task->link, user, false, "");
    if (error == SC_OK) {
        task_note("user_enabled", "user", user->id);
    }
    return task_outcome(user->name, error);
}

static int role(struct task *task, const struct user *user) {
    const char *word = task->argv[1];
    if (strcmp(word, "admin") != 0 && strcmp(word, "member") != 0) {
        return task_fail(word, "is no role: admin or member");
    }
    enum sc_error error = account_set_role(&task->link, user, word, "");
    if (error == SC_OK) {
        task_note("role_changed", "user", user->id);
    }
    return task_outcome(user->name, error);
}

/* clang-format off */
static const struct command {
    const char *noun;
    const char *verb;
    const char *arguments;
    int least, most;
    int (*run)(struct task *task);
    int (*run_on)(struct task *task, const struct user *user); /* of the account named first */
} commands[] = {
    {"user",    "add",     "NAME [--admin]",    1, 2, add,       NULL},
    {"user",    "list",    "",                  0, 0, list,      NULL},
    {"user",    "passwd",  "NAME",              1, 1, NULL,      passwd},
    {"user",    "disable", "NAME",              1, 1, NULL,      disable},
    {"user",    "enable",  "NAME",              1, 1, NULL,      enable},
    {"user",    "role",    "NAME admin|member", 2, 2, NULL,      role},
    {"session", "list",    "NAME",              1, 1, NULL,      session_list},
    {"session", "revoke",  "NAME [SESSION]",    1, 2, NULL,      session_revoke},
    {"room",    "list",    "",                  0, 0, room_list, NULL},
    {"room",    "show",    "ROOM",              1, 1, room_show, NULL},
    {"room",    "delete",  "ROOM",              1, 1, room_delete, NULL},
};
/* clang-format on */

enum { COMMANDS_COUNT = sizeof commands / sizeof *commands };

void admin_help(FILE *out) {
    for (size_t i = 0; i < COMMANDS_COUNT; i++) {
        const struct command *command = &commands[i];
        fprintf(out, "  stonechat-fcgi -c FILE %s %s%s%s\n", command->noun, command->verb,
                command->arguments[0] ? " " : "", command->arguments);
    }
    fputs("A new password is read from the terminal, or else from the first line of stdin. NAME is "
          "a user's,\nROOM a room's id or, where it is public, its name. Without SESSION all of "
          "them end.\n",
          out);
}

static int usage(void) {
    fputs("usage:\n", stderr);
    admin_help(stderr);
    return 2;
}

static int run(const struct command *command, struct task *task) {
    struct user user;
    if (command->run) {
        return command->run(task);
    }
    enum sc_error error = find(task, task->argv[0], &user);
    if (error != SC_OK) {
        return task_outcome(task->argv[0], error);
    }
    int status = command->run_on(task, &user);
    user_deinit(&user);
    return status;
}

static const struct command *find_command(int argc, char **argv) {
    for (size_t i = 0; argc >= 2 && i < COMMANDS_COUNT; i++) {
        const struct command *command = &commands[i];
        if (strcmp(argv[0], command->noun) == 0 && strcmp(argv[1], command->verb) == 0 &&
            argc - 2 >= command->least && argc - 2 <= command->most) {
            return command;
        }
    }
    return NULL;
}

int admin_run(struct site *site, int argc, char **argv) {
    struct task task = {.site = site, .argc = argc - 2, .argv = argv + 2};
    const struct command *command = find_command(argc, argv);
    if (!command) {
        return usage();
    }
    site_link(site, &task.link);
    int status = run(command, &task);
    if (status == 0) {
        status = task_outcome(argv[1], link_settle(&task.link));
    }
    link_deinit(&task.link);
    return status == 2 ? usage() : status;
}
