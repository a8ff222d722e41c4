/*
 * pool: opened and closed by main.
 *
 * A unix socket that only nginx's group can connect to: libfcgi must never be reached by anybody
 * who could speak FastCGI to it (CVE-2025-23016), so there is no TCP.
 */
#include "pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>

#include "clock.h"
#include "worker.h"

enum { BACKLOG = 4096, SOCKET_UMASK = 0117 };

static bool complain(const char *event, const char *path, const char *detail) {
    sc_log(SC_LOG_ERROR, event, "path", path, "detail", detail, NULL);
    return false;
}

static bool bind_to(int socket_fd, const struct sockaddr_un *address) {
    unlink(address->sun_path);
    mode_t old = umask(SOCKET_UMASK);
    int status = bind(socket_fd, (const struct sockaddr *)address, sizeof *address);
    umask(old);
    return status == 0 && listen(socket_fd, BACKLOG) == 0;
}

static bool open_listener(struct pool *pool, const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        return complain("socket_failed", path, "the path is too long for a unix socket");
    }
    strcpy(address.sun_path, path);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0) {
        return complain("socket_failed", path, strerror(errno));
    }
    if (bind_to(listener, &address) && gate_init(&pool->gate, listener)) {
        return true;
    }
    complain("socket_failed", path, strerror(errno));
    close(listener);
    return false;
}

static void *run(void *context) {
    struct pool *pool = context;
    worker_run(pool->site, &pool->gate);
    return NULL;
}

bool pool_open(struct pool *pool, struct site *site) {
    size_t wanted = (size_t)site->settings->http_threads;
    *pool = (struct pool){.site = site};
    if (!open_listener(pool, site->settings->http_socket)) {
        return false;
    }
    pool->threads = sc_xcalloc(wanted, sizeof *pool->threads);
    while (pool->count < wanted &&
           pthread_create(&pool->threads[pool->count], NULL, run, pool) == 0) {
        pool->count++;
    }
    if (pool->count == wanted) {
        return true;
    }
    complain("threads_failed", site->settings->http_socket, strerror(EAGAIN));
    pool_close(pool, 0);
    return false;
}

bool pool_close(struct pool *pool, int64_t wait_ms) {
    struct timespec deadline = clock_after(wait_ms);
    gate_close(&pool->gate);
    for (; pool->count > 0; pool->count--) {
        pthread_t thread = pool->threads[pool->count - 1];
        if (pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &deadline) != 0) {
            return false;
        }
    }
    gate_deinit(&pool->gate);
    free(pool->threads);
    return true;
}
