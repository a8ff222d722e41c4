/*
 * link: hiredis's blocking calls, with a bound on every wait.
 *
 * Each thread of the pool owns one; the store asks through it. The breaker is what all links have
 * in common, so that a Redis which has stopped answering costs one timeout and not one a request.
 */
#include "link.h"

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

enum { PROBE_MS = 250, BATCH_MOST = 64, COMPLAINT_PAUSE_MS = 1000 };

static struct timeval timeval_of(int64_t ms) {
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
}

/* A Redis that is away fails every request: one line a second says as much as thousands. */
static void complain(const char *event, const char *asked, const char *detail) {
    static _Atomic int64_t silent_until_ms;
    int64_t now = clock_ms();
    int64_t until = atomic_load(&silent_until_ms);
    if (now >= until &&
        atomic_compare_exchange_strong(&silent_until_ms, &until, now + COMPLAINT_PAUSE_MS)) {
        sc_log(SC_LOG_WARNING, event, "detail", detail, "asked", asked, NULL);
    }
}

void link_init(struct link *link, const struct link_terms *terms) {
    *link = (struct link){.terms = *terms};
    link_begin(link);
}

static void drop(struct link *link) {
    if (link->redis) {
        redisFree(link->redis);
    }
    link->redis = NULL;
    link->forfeited |= link->owes;
    link->owes = false;
}

void link_deinit(struct link *link) {
    drop(link);
    sc_address_deinit(&link->address);
}

void link_extend(struct link *link) {
    link->left_ms = link->terms.connect_ms + link->terms.command_ms;
}

void link_begin(struct link *link) {
    link->owes = link->forfeited = false;
    link_extend(link);
}

static void doubt(struct link *link) {
    if (link->terms.master) {
        master_doubt(link->terms.master, link->version);
    }
}

/* Drops a connection that failed; when a fair wait brought no answer, the others need not try. */
static enum sc_error lost(struct link *link, const char *event, int64_t waited_ms) {
    bool timed_out = link->redis->err == REDIS_ERR_IO && (errno == EAGAIN || errno == ETIMEDOUT);
    metric_add(metrics.redis_failures_total, 1);
    complain(event, NULL, timed_out ? "no answer in time" : link->redis->errstr);
    drop(link);
    doubt(link);
    if (timed_out && waited_ms >= PROBE_MS) {
        breaker_trip(link->terms.breaker, clock_ms());
    }
    return SC_UNAVAILABLE;
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static void set_timeout(struct link *link, int64_t ms) {
    if (link->timeout_ms == ms) {
        return;
    }
    redisSetTimeout(link->redis, timeval_of(ms));
    link->timeout_ms = ms;
}

/* The next answer on the wire. */
static enum sc_error take(struct link *link, struct answer *out) {
    int64_t ms = least(link->terms.command_ms, link->left_ms);
    void *reply = NULL;
    int64_t began_us = clock_us();
    set_timeout(link, ms > 0 ? ms : 1);
    int status = redisGetReply(link->redis, &reply);
    int why = errno;
    int64_t waited_us = clock_us() - began_us;
    int64_t waited_ms = waited_us / 1000;
    metric_observe(metrics.redis_command_seconds, waited_us);
    link->left_ms -= waited_ms;
    out->reply = reply;
    errno = why;
    return status == REDIS_OK ? SC_OK : lost(link, "redis_lost", waited_ms);
}

static void queue(struct link *link, struct ask *ask, bool by_hash) {
    ask_seal(ask, by_hash);
    redisAppendCommandArgv(link->redis, ask->words_count, ask->words, ask->words_bytes);
}

/* What an answer comes to; a fault in Redis's own words goes to the log and no further. */
static enum sc_error judge(const struct ask *ask, const struct answer *answer) {
    const char *fault = answer_fault(answer);
    if (fault) {
        complain("redis_refused", ask->script ? ask->script->name : ask->words[0], fault);
    }
    return answer_error(answer, ask->script != NULL);
}

static enum sc_error introduce(struct link *link, struct ask *ask) {
    struct answer answer = {NULL};
    queue(link, ask, true);
    enum sc_error error = take(link, &answer);
    if (error == SC_OK && judge(ask, &answer) != SC_OK) {
        error = SC_UNAVAILABLE;
    }
    answer_deinit(&answer);
    return error;
}

/* An old master that is back, or that never knew of the failover, may still answer. */
static enum sc_error check_role(struct link *link) {
    struct answer answer = {NULL};
    struct ask ask;
    ask_command(&ask, "ROLE");
    queue(link, &ask, true);
    enum sc_error error = take(link, &answer);
    if (error == SC_OK && strcmp(answer_text(&answer, 0, NULL), "master") != 0) {
        complain("redis_not_the_master", "ROLE", answer_text(&answer, 0, NULL));
        doubt(link);
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
        error = introduce(link, &ask);
    }
    if (error == SC_OK && to->database != 0) {
        ask_command(&ask, "SELECT");
        ask_number(&ask, to->database);
        error = introduce(link, &ask);
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

static enum sc_error connect_within(struct link *link, int64_t ms) {
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
        drop(link);
    }
    return error;
}

/* Not PING, which is refused while the disk is full, though only writing is impossible then. */
static enum sc_error echo(struct link *link) {
    struct ask ask;
    ask_command(&ask, "ECHO");
    ask_text(&ask, "");
    return introduce(link, &ask);
}

/* A fresh connection and an answer on it, within PROBE_MS each. */
static enum sc_error probe(struct link *link) {
    struct link trial = *link;
    trial.redis = NULL;
    trial.owes = trial.forfeited = false;
    trial.terms.command_ms = PROBE_MS;
    enum sc_error error = connect_within(&trial, PROBE_MS);
    if (error == SC_OK) {
        error = echo(&trial);
    }
    breaker_settle(link->terms.breaker, error == SC_OK, clock_ms());
    link->left_ms = trial.left_ms;
    link->address = trial.address; /* with its memory */
    link->version = trial.version;
    link->trips = trial.trips;
    if (error != SC_OK) {
        drop(&trial);
        return error;
    }
    drop(link);
    link->redis = trial.redis;
    link->timeout_ms = trial.timeout_ms;
    return SC_OK;
}

/* Whether Redis has closed the connection meanwhile. Seen before a command is sent, since after it
 * nobody could say whether the command was carried out. */
static bool closed_by_peer(const struct link *link) {
    char byte;
    ssize_t got = recv(link->redis->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

/* Whether it is better not asked any more, though nothing is known to be wrong with it: the master
 * is another one, or somebody else's connection of that time has fallen silent. */
static bool is_doubtful(const struct link *link) {
    return link->trips != breaker_trips(link->terms.breaker) ||
           (link->terms.master && master_has_moved(link->terms.master, link->version));
}

static enum sc_error ready(struct link *link) {
    switch (breaker_ask(link->terms.breaker, clock_ms())) {
    case BREAKER_STOP:
        return SC_UNAVAILABLE;
    case BREAKER_PROBE:
        return probe(link);
    case BREAKER_GO:
        break;
    }
    if (link->left_ms <= 0) {
        return SC_UNAVAILABLE;
    }
    if (link->redis && (closed_by_peer(link) || is_doubtful(link))) {
        drop(link);
    }
    return link->redis ? SC_OK : connect_within(link, least(link->terms.connect_ms, link->left_ms));
}

/* What has been written is to be settled; a Redis that takes no writes is left. */
static enum sc_error conclude(struct link *link, const struct ask *ask,
                              const struct answer *answer) {
    enum sc_error error = judge(ask, answer);
    link->owes |= error == SC_OK && ask->durable;
    if (answer_is_no_master(answer)) {
        drop(link);
        doubt(link);
    }
    return error;
}

enum sc_error link_ask(struct link *link, struct ask *ask, struct answer *answer_out) {
    answer_out->reply = NULL;
    enum sc_error error = ready(link);
    for (int try = 0; error == SC_OK; try++) {
        queue(link, ask, try == 0);
        error = take(link, answer_out);
        if (error != SC_OK) {
            break;
        }
        if (try > 0 || !answer_lost_script(answer_out)) {
            return conclude(link, ask, answer_out);
        }
        answer_deinit(answer_out);
    }
    return error;
}

enum sc_error link_tell(struct link *link, struct ask *ask) {
    struct answer answer;
    enum sc_error error = link_ask(link, ask, &answer);
    answer_deinit(&answer);
    return error;
}

/* Answer `i` of a batch; where the script was lost, it is asked once more by itself, `later`. */
static enum sc_error settle(struct link *link, const struct link_batch *batch, size_t i,
                            bool *lost_out) {
    struct answer answer = {NULL};
    enum sc_error error = take(link, &answer);
    if (error == SC_OK && answer_lost_script(&answer)) {
        *lost_out = true;
    } else if (error == SC_OK) {
        struct ask ask;
        batch->ask(batch->context, i, &ask);
        enum sc_error outcome = judge(&ask, &answer);
        link->owes |= outcome == SC_OK && ask.durable;
        batch->take(batch->context, i, outcome, &answer);
    }
    answer_deinit(&answer);
    return error;
}

static enum sc_error ask_again(struct link *link, const struct link_batch *batch, size_t i) {
    struct ask ask;
    struct answer answer;
    batch->ask(batch->context, i, &ask);
    enum sc_error error = link_ask(link, &ask, &answer);
    bool answered = answer.reply != NULL;
    if (answered) {
        batch->take(batch->context, i, error, &answer);
    }
    answer_deinit(&answer);
    return answered ? SC_OK : error;
}

static enum sc_error run_some(struct link *link, const struct link_batch *batch, size_t from,
                              size_t to) {
    bool again[BATCH_MOST] = {false};
    enum sc_error error = ready(link);
    for (size_t i = from; i < to && error == SC_OK; i++) {
        struct ask ask;
        batch->ask(batch->context, i, &ask);
        queue(link, &ask, true);
    }
    for (size_t i = from; i < to && error == SC_OK; i++) {
        error = settle(link, batch, i, &again[i - from]);
    }
    for (size_t i = from; i < to && error == SC_OK; i++) {
        if (again[i - from]) {
            error = ask_again(link, batch, i);
        }
    }
    return error;
}

enum sc_error link_run(struct link *link, const struct link_batch *batch) {
    enum sc_error error = SC_OK;
    for (size_t i = 0; i < batch->count && error == SC_OK; i += BATCH_MOST) {
        error =
            run_some(link, batch, i, i + BATCH_MOST < batch->count ? i + BATCH_MOST : batch->count);
    }
    return error;
}

/* WAIT counts from the connection's last write. One that only found what an earlier one had written
 * needs a write of its own: a publication that nobody hears, but that replicas get. */
static void queue_wait(struct link *link, int64_t ms) {
    struct ask ask;
    ask_command(&ask, "PUBLISH");
    ask_key(&ask, sc_channel(SC_CHANNEL_CANARY, "wait"));
    ask_text(&ask, "");
    queue(link, &ask, true);
    ask_command(&ask, "WAIT");
    ask_number(&ask, link->terms.wait_replicas);
    ask_number(&ask, ms > 0 ? ms : 1);
    queue(link, &ask, true);
}

static enum sc_error count_replicas(struct link *link, const struct answer *answer) {
    int64_t count = answer_number(answer, 0);
    if (answer_fault(answer) || count < link->terms.wait_replicas) {
        complain("redis_replicas_late", "WAIT", sc_log_number(count));
        doubt(link);
        return SC_UNAVAILABLE;
    }
    return SC_OK;
}

static enum sc_error wait_for_replicas(struct link *link) {
    enum { SLACK_MS = 50 };
    struct answer published = {NULL}, waited = {NULL};
    int64_t most_ms = least(link->terms.command_ms, link->left_ms) - SLACK_MS;
    queue_wait(link, least(link->terms.wait_ms, most_ms));
    enum sc_error error = take(link, &published);
    if (error == SC_OK) {
        error = take(link, &waited);
    }
    if (error == SC_OK) {
        error = count_replicas(link, &waited);
    }
    answer_deinit(&waited);
    answer_deinit(&published);
    return error;
}

enum sc_error link_settle(struct link *link) {
    bool owes = link->owes, forfeited = link->forfeited;
    link->owes = link->forfeited = false;
    if (link->terms.wait_replicas == 0) {
        return SC_OK;
    }
    if (forfeited) {
        return SC_UNAVAILABLE;
    }
    return owes ? wait_for_replicas(link) : SC_OK;
}
