/*
 * family: what a process and all that come from it have used so far, as Linux tells by /proc.
 */
#ifndef BENCH_FAMILY_H
#define BENCH_FAMILY_H

#include <stdint.h>
#include <sys/types.h>

struct family {
    uint64_t cpu_ns;    /* user and system, of all threads that are alive */
    uint64_t rss_bytes; /* added up */
    uint64_t pss_bytes; /* the same, shared pages split among those who share them */
};

/* What has gone meanwhile counts as nothing. */
struct family family_look(pid_t pid);

#endif
