/*
 * workers: fork, wait, fork again (see workers.h).
 */
#include "workers.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <stonechat/limits.h>
#include <stonechat/log.h>
#include <stonechat/memory.h>

#include "addresses.h"
#include "metrics.h"
#include "reload.h"
#include "table.h"
#include "worker.h"

enum { SHORT_LIFE_S = 1, PAUSE_MS = 500, STOP_SECONDS = 5 };

uint64_t table_seed;

struct child {
    pid_t pid; /* 0: not running */
    time_t began;
    char *node; /* what it is to the other ones: for who comes after it to see */
};

static time_t seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void seed_random(void) {
    unsigned seed = 0;
    (void)!getrandom(&table_seed, sizeof table_seed, 0);
    (void)!getrandom(&seed, sizeof seed, 0);
    srandom(seed);
}

/* In the new process: its own signals and chance, and an end when the master has one. */
static int be_worker(struct sc_settings *settings, int fd, pid_t master, const sigset_t *old_mask,
                     char *node) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != master) {
        return EXIT_SUCCESS;
    }
    sigprocmask(SIG_SETMASK, old_mask, NULL);
    signal(SIGPIPE, SIG_IGN);
    seed_random();
    return worker_run(settings, fd, node);
}

/* Which signal has come; SIGALRM when none came in `ms`. */
static int wait_for_signal(const sigset_t *mask, long ms) {
    struct timespec wait = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    int got = ms < 0 ? sigwaitinfo(mask, NULL) : sigtimedwait(mask, NULL, &wait);
    return got > 0 ? got : SIGALRM;
}

static size_t reap(struct child *children, size_t count) {
    size_t living = 0;
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        for (size_t i = 0; i < count; i++) {
            if (children[i].pid == pid) {
                children[i].pid = 0;
                metrics_end(i);
                addresses_end(i);
                sc_log(SC_LOG_WARNING, "worker_gone", "pid", sc_log_number(pid), "signal",
                       sc_log_number(WIFSIGNALED(status) ? WTERMSIG(status) : 0), NULL);
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        living += children[i].pid != 0;
    }
    return living;
}

static int stop(struct child *children, size_t count, const sigset_t *mask) {
    time_t began = seconds();
    for (size_t i = 0; i < count; i++) {
        if (children[i].pid != 0) {
            kill(children[i].pid, SIGTERM);
        }
    }
    while (reap(children, count) > 0 && seconds() - began < STOP_SECONDS) {
        wait_for_signal(mask, 100);
    }
    for (size_t i = 0; i < count; i++) {
        if (children[i].pid != 0) {
            kill(children[i].pid, SIGKILL);
        }
    }
    return EXIT_SUCCESS;
}

/* None is told of settings that are wrong. */
static void reload_all(struct sc_settings *settings, const struct child *children, size_t count) {
    if (!reload(settings, SC_LOG_INFO)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (children[i].pid != 0) {
            kill(children[i].pid, SIGHUP);
        }
    }
}

/* One that dies young is not replaced at once: it would die again. */
static long until_next_start(const struct child *children, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (children[i].pid == 0) {
            return seconds() - children[i].began > SHORT_LIFE_S ? 0 : PAUSE_MS;
        }
    }
    return -1;
}

/* In memory that the workers share with the master. */
static void share_nodes(struct child *children, size_t count) {
    enum { BYTES = SC_ID_MAX + 1 };
    char *nodes =
        mmap(NULL, count * BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (nodes == MAP_FAILED) {
        abort();
    }
    for (size_t i = 0; i < count; i++) {
        children[i].node = nodes + i * BYTES;
    }
}

int workers_run(struct sc_settings *settings, int fd) {
    size_t count = (size_t)settings->push_workers;
    struct child *children = sc_xcalloc(count, sizeof *children);
    pid_t master = getpid();
    metrics_share(count);
    addresses_share(count);
    share_nodes(children, count);
    sigset_t mask, old_mask;
    int got = SIGCHLD;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGHUP);
    sigprocmask(SIG_BLOCK, &mask, &old_mask);
    sigaddset(&old_mask, SIGHUP); /* a worker lets it in once it listens for it */
    while (got != SIGTERM && got != SIGINT) {
        reap(children, count);
        for (size_t i = 0; i < count; i++) {
            if (children[i].pid != 0) {
                continue;
            }
            if (children[i].began != 0 && seconds() - children[i].began <= SHORT_LIFE_S) {
                continue;
            }
            children[i].began = seconds();
            children[i].pid = fork();
            if (children[i].pid == 0) {
                char *node = children[i].node;
                free(children);
                metrics_begin(i);
                addresses_begin(i);
                return be_worker(settings, fd, master, &old_mask, node);
            }
        }
        got = wait_for_signal(&mask, until_next_start(children, count));
        if (got == SIGHUP) {
            reload_all(settings, children, count);
        }
    }
    int code = stop(children, count, &mask);
    free(children);
    return code;
}
