/*
 * child: runs a function in a process of its own and keeps what it printed and how it ended.
 *
 * For whatever writes to stderr, exits or aborts.
 */
#ifndef CHILD_H
#define CHILD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_TEXT_MAX = 65536 };

struct child {
    int exit_code; /* -1: ended by a signal */
    int signal;
    char out[CHILD_TEXT_MAX];
    char err[CHILD_TEXT_MAX];
};

static inline void child_read(int file, char *text) {
    ssize_t bytes = pread(file, text, CHILD_TEXT_MAX - 1, 0);
    text[bytes < 0 ? 0 : bytes] = '\0';
    close(file);
}

/* `child` is filled in; what the function leaves in memory is lost with its process. */
static inline void child_run(struct child *child, void (*run)(void *context), void *context) {
    int out = memfd_create("out", MFD_CLOEXEC);
    int err = memfd_create("err", MFD_CLOEXEC);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        run(context);
        exit(EXIT_SUCCESS);
    }
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) < 0) {
        perror("child_run");
        abort();
    }
    child->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    child->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    child_read(out, child->out);
    child_read(err, child->err);
}

#endif
