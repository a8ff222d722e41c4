/*
 * wire: hiredis's blocking calls, with a bound on every wait (see wire.h).
 */
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <hiredis/hiredis.h>

#include <stonechat/log.h>

#include "clock.h"
#include "metrics.h"

enum { COMPLAINT_PAUSE_MS = 1000 };

static struct timeval timeval_of(int64_t ms) {
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
}

/* A Redis that is away fails every request: one line a second says as much as thousands. */
void wire_complain(const char *event, const char *asked, const char *detail) {
    static _Atomic int64_t silent_until_ms;
    int64_t now = clock_ms();
    int64_t until = atomic_load(&silent_until_ms);
    if (now >= until &&
        atomic_compare_exchange_strong(&silent_until_ms, &until, now + COMPLAINT_PAUSE_MS)) {
        sc_log(SC_LOG_WARNING, event, "detail", detail, "asked", asked, NULL);
    }
}

/* --- losing it --- */

void wire_close(struct link *link) {
    if (link->redis) {
        redisFree(link->redis);
    }
    link->redis = NULL;
    link->forfeited |= link->owes;
    link->owes = false;
}

void wire_doubt(struct link *link) {
    if (link->terms.master) {
        master_doubt(link->terms.master, link->version);
    }
}

/* Drops a connection that failed; when a fair wait brought no answer, the others need not try. */
static enum sc_error lost(struct link *link, const char *event, int64_t waited_ms) {
    bool timed_out = link->redis->err == REDIS_ERR_IO && (errno == EAGAIN || errno == ETIMEDOUT);
    metric_add(metrics.redis_failures_total, 1);
    wire_complain(event, NULL, timed_out ? "no answer in time" : link->redis->errstr);
    wire_close(link);
    wire_doubt(link);
    if (timed_out && waited_ms >= WIRE_FAIR_MS) {
        breaker_trip(link->terms.breaker, clock_ms());
    }
    return SC_UNAVAILABLE;
}

/* --- using it --- */

int64_t wire_patience_ms(const struct link *link) {
    return link->terms.command_ms < link->left_ms ? link->terms.command_ms : link->left_ms;
}

static void set_timeout(struct link *link, int64_t ms) {
    if (link->timeout_ms == ms) {
        return;
    }
    redisSetTimeout(link->redis, timeval_of(ms));
    link->timeout_ms = ms;
}

enum sc_error wire_take(struct link *link, struct answer *out) {
    int64_t ms = wire_patience_ms(link);
    void *reply = NULL;
    int64_t began_us = clock_us();
    set_timeout(link, ms > 0 ? ms : 1);
    int status = redisGetReply(link->redis, &reply);
    int why = errno;
    int64_t waited_us = clock_us() - began_us;
    int64_t waited_ms = waited_us / 1000;
    if (!link->is_shared) {
        metric_observe(metrics.redis_command_seconds, waited_us);
    }
    link->left_ms -= waited_ms;
    out->reply = reply;
    errno = why;
    return status == REDIS_OK ? SC_OK : lost(link, "redis_lost", waited_ms);
}

void wire_send(struct link *link, struct ask *ask, bool by_hash) {
    ask_seal(ask, by_hash);
    redisAppendCommandArgv(link->redis, ask->words_count, ask->words, ask->words_bytes);
}

enum sc_error wire_judge(const struct ask *ask, const struct answer *answer) {
    const char *fault = answer_fault(answer);
    if (fault) {
        wire_complain("redis_refused", ask->script ? ask->script->name : ask->words[0], fault);
    }
    return answer_error(answer, ask->script != NULL);
}

enum sc_error wire_tell(struct link *link, struct ask *ask) {
    struct answer answer = {NULL};
    wire_send(link, ask, true);
    enum sc_error error = wire_take(link, &answer);
    if (error == SC_OK && wire_judge(ask, &answer) != SC_OK) {
        error = SC_UNAVAILABLE;
    }
    answer_deinit(&answer);
    return error;
}

/* --- having it --- */

/* An old master that is back, or that never knew of the failover, may still answer. */
static enum sc_error check_role(struct link *link) {
    struct answer answer = {NULL};
    struct ask ask;
    ask_command(&ask, "ROLE");
    wire_send(link, &ask, true);
    enum sc_error error = wire_take(link, &answer);
    if (error == SC_OK && strcmp(answer_text(&answer, 0, NULL), "master") != 0) {
        wire_complain("redis_not_the_master", "ROLE", answer_text(&answer, 0, NULL));
        wire_doubt(link);
        error = SC_UNAVAILABLE;
    }
    answer_deinit(&answer);
    return error;
}

static enum sc_error sign_in(struct link *link) {
    const struct sc_endpoint *to = link->terms.endpoint;
    enum sc_error error = SC_OK;
    struct ask ask;
    if (to->password) {
        ask_command(&ask, "AUTH");
        if (to->user) {
            ask_text(&ask, to->user);
        }
        ask_text(&ask, to->password);
        error = wire_tell(link, &ask);
    }
    if (error == SC_OK && to->database != 0) {
        ask_command(&ask, "SELECT");
        ask_number(&ask, to->database);
        error = wire_tell(link, &ask);
    }
    return error == SC_OK && link->terms.master ? check_role(link) : error;
}

static redisContext *dial(struct link *link, int64_t ms) {
    const struct sc_endpoint *to = link->terms.endpoint;
    struct timeval limit = timeval_of(ms);
    const struct sc_address *address = link->terms.master ? &link->address : &to->address;
    return to->path ? redisConnectUnixWithTimeout(to->path, limit)
                    : redisConnectWithTimeout(address->host, address->port, limit);
}

/* Not for children; and over TCP the kernel finds out by itself, between two requests, when the
 * other end is gone without a word. On a unix socket that part fails and isn't needed. */
static void tune(int fd) {
    static const struct {
        int level, name, value;
    } rows[] = {
        {SOL_SOCKET, SO_KEEPALIVE, 1},   {IPPROTO_TCP, TCP_KEEPIDLE, 2},
        {IPPROTO_TCP, TCP_KEEPINTVL, 1}, {IPPROTO_TCP, TCP_KEEPCNT, 2},
        {IPPROTO_TCP, TCP_NODELAY, 1},
    };
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        setsockopt(fd, rows[i].level, rows[i].name, &rows[i].value, sizeof rows[i].value);
    }
}

enum sc_error wire_open(struct link *link, int64_t ms) {
    struct master *master = link->terms.master;
    int64_t began = clock_ms();
    if (master && !master_where(master, ms, &link->address, &link->version)) {
        link->left_ms -= clock_ms() - began;
        return SC_UNAVAILABLE;
    }
    link->trips = breaker_trips(link->terms.breaker);
    link->redis = dial(link, ms);
    int why = errno;
    int64_t waited_ms = clock_ms() - began;
    link->left_ms -= waited_ms;
    if (!link->redis) {
        return SC_INTERNAL;
    }
    errno = why;
    if (link->redis->err) {
        return lost(link, "redis_unreachable", waited_ms);
    }
    tune(link->redis->fd);
    link->timeout_ms = 0;
    enum sc_error error = sign_in(link);
    if (error != SC_OK) {
        wire_close(link);
    }
    return error;
}

bool wire_is_over(const struct link *link) {
    char byte;
    ssize_t got = recv(link->redis->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}
