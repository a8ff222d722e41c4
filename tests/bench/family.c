/*
 * family: sums over a tree of processes (see family.h).
 *
 * Time comes from `schedstat`, in nanoseconds, since `stat` counts in hundredths of a second,
 * which is too coarse for a bench of a few seconds.
 */
#include "family.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void line_fn(const char *line, struct family *sum);

static void each_line(const char *path, line_fn *take, struct family *sum) {
    char line[4096];
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        take(line, sum);
    }
    fclose(file);
}

static void take_time(const char *line, struct family *sum) {
    sum->cpu_ns += strtoull(line, NULL, 10);
}

static void take_memory(const char *line, struct family *sum) {
    uint64_t kib;
    if (sscanf(line, "Rss: %" SCNu64, &kib) == 1) {
        sum->rss_bytes += kib * 1024;
    } else if (sscanf(line, "Pss: %" SCNu64, &kib) == 1) {
        sum->pss_bytes += kib * 1024;
    }
}

static void take_children(const char *line, struct family *sum) {
    char *end;
    for (long pid; (pid = strtol(line, &end, 10)) > 0; line = end) {
        struct family child = family_look((pid_t)pid);
        sum->cpu_ns += child.cpu_ns;
        sum->rss_bytes += child.rss_bytes;
        sum->pss_bytes += child.pss_bytes;
    }
}

static void add_thread(pid_t pid, const char *thread, struct family *sum) {
    char path[320];
    snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", (int)pid, thread);
    each_line(path, take_time, sum);
    snprintf(path, sizeof path, "/proc/%d/task/%s/children", (int)pid, thread);
    each_line(path, take_children, sum);
}

struct family family_look(pid_t pid) {
    struct family sum = {0};
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    each_line(path, take_memory, &sum);
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *threads = opendir(path);
    for (struct dirent *entry; threads != NULL && (entry = readdir(threads)) != NULL;) {
        if (entry->d_name[0] != '.') {
            add_thread(pid, entry->d_name, &sum);
        }
    }
    if (threads != NULL) {
        closedir(threads);
    }
    return sum;
}
