/*
 * descriptors: the limit of the system (see descriptors.h).
 */
#include "descriptors.h"

#include <stdio.h>
#include <sys/resource.h>

#include "listener.h"

/* Besides connections: the log, the loop, the door, links to Redis, names being looked up. */
enum { OF_OUR_OWN = 64 };

size_t descriptors_needed(const struct sc_settings *settings) {
    return (size_t)settings->push_connections + LISTENER_SPARE + OF_OUR_OWN;
}

bool descriptors_suffice(const struct sc_settings *settings, char *fault_out, size_t fault_size) {
    struct rlimit limit;
    size_t needed = descriptors_needed(settings);
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max >= needed) {
        return true;
    }
    snprintf(fault_out, fault_size,
             "push.connections: %lld of them need %zu descriptors, and a process may have %llu "
             "here: raise that (LimitNOFILE= of the unit, ulimit -Hn of the shell), or lower this",
             (long long)settings->push_connections, needed, (unsigned long long)limit.rlim_max);
    return false;
}

void descriptors_raise(const struct sc_settings *settings) {
    struct rlimit limit;
    rlim_t needed = descriptors_needed(settings);
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < needed) {
        limit.rlim_cur = needed;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}
