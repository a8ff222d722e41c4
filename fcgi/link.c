/*
 * link: when to ask at all, what to ask again, and what has to be settled (see link.h).
 *
 * Each thread of the pool owns one; the store asks through it. The breaker is what all links have
 * in common, so that a Redis which has stopped answering costs one timeout and not one a request.
 */
#include "link.h"

#include <stonechat/log.h>

#include "clock.h"
#include "wire.h"

enum { BATCH_MOST = 64 };

void link_init(struct link *link, const struct link_terms *terms) {
    *link = (struct link){.terms = *terms};
    sem_init(&link->woken, 0, 0);
    link_begin(link);
}

void link_deinit(struct link *link) {
    wire_close(link);
    sc_address_deinit(&link->address);
    sem_destroy(&link->woken);
}

void link_extend(struct link *link) {
    link->left_ms = link->terms.connect_ms + link->terms.command_ms;
}

void link_begin(struct link *link) {
    link->owes = link->forfeited = false;
    link->rider = NULL;
    link_extend(link);
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* --- a connection that will do --- */

/* Not PING, which is refused while the disk is full, though only writing is impossible then. */
static enum sc_error echo(struct link *link) {
    struct ask ask;
    ask_command(&ask, "ECHO");
    ask_text(&ask, "");
    return wire_tell(link, &ask);
}

/* A fresh connection and an answer on it, within WIRE_FAIR_MS each. */
static enum sc_error probe(struct link *link) {
    struct link trial = *link;
    trial.redis = NULL;
    trial.owes = trial.forfeited = false;
    trial.terms.command_ms = WIRE_FAIR_MS;
    enum sc_error error = wire_open(&trial, WIRE_FAIR_MS);
    if (error == SC_OK) {
        error = echo(&trial);
    }
    breaker_settle(link->terms.breaker, error == SC_OK, clock_ms());
    link->left_ms = trial.left_ms;
    link->address = trial.address; /* with its memory */
    link->version = trial.version;
    link->trips = trial.trips;
    if (error != SC_OK) {
        wire_close(&trial);
        return error;
    }
    wire_close(link);
    link->redis = trial.redis;
    link->timeout_ms = trial.timeout_ms;
    return SC_OK;
}

/* Whether it is better not asked any more, though nothing is known to be wrong with it: the master
 * is another one, or somebody else's connection of that time has fallen silent. */
static bool is_doubtful(const struct link *link) {
    return link->trips != breaker_trips(link->terms.breaker) ||
           (link->terms.master && master_has_moved(link->terms.master, link->version));
}

enum sc_error link_ready(struct link *link) {
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
    if (link->redis && (wire_is_over(link) || is_doubtful(link))) {
        wire_close(link);
    }
    return link->redis ? SC_OK : wire_open(link, least(link->terms.connect_ms, link->left_ms));
}

/* --- a question that goes with another --- */

void link_ride(struct link *link, struct link_rider *rider) {
    link->rider = rider;
}

bool link_unride(struct link *link) {
    bool waited = link->rider != NULL;
    link->rider = NULL;
    return waited;
}

/* To be sent before what is asked now, and NULL or to be taken before that is. */
static struct link_rider *send_rider(struct link *link) {
    struct link_rider *rider = link->rider;
    link->rider = NULL;
    if (rider) {
        wire_send(link, &rider->ask, true);
    }
    return rider;
}

static void tell_rider(struct link_rider *rider, const struct answer *answer) {
    enum sc_error outcome =
        answer_lost_script(answer) ? SC_UNAVAILABLE : wire_judge(&rider->ask, answer);
    rider->take(rider->context, outcome, answer);
}

static enum sc_error take_rider(struct link *link, struct link_rider *rider) {
    struct answer answer = {NULL};
    if (!rider) {
        return SC_OK;
    }
    enum sc_error error = wire_take(link, &answer);
    if (error == SC_OK) {
        tell_rider(rider, &answer);
    }
    answer_deinit(&answer);
    return error;
}

/* --- one question --- */

/* What has been written is to be settled; a Redis that takes no writes is left. */
static enum sc_error conclude(struct link *link, const struct ask *ask,
                              const struct answer *answer) {
    enum sc_error error = wire_judge(ask, answer);
    link->owes |= error == SC_OK && ask->durable;
    if (answer_is_no_master(answer)) {
        wire_close(link);
        wire_doubt(link);
    }
    return error;
}

static enum sc_error ask_by_carrier(struct link *link, struct ask *ask, struct answer *answer_out) {
    const struct link_carrier *carrier = link->terms.carrier;
    struct link_rider *rider = link->rider;
    struct answer of_rider = {NULL};
    link->rider = NULL;
    enum sc_error error = carrier->ask(carrier->context, link, ask, rider, &of_rider, answer_out);
    if (error == SC_OK && rider) {
        tell_rider(rider, &of_rider);
    }
    answer_deinit(&of_rider);
    return error == SC_OK ? wire_judge(ask, answer_out) : error;
}

enum sc_error link_ask(struct link *link, struct ask *ask, struct answer *answer_out) {
    answer_out->reply = NULL;
    if (link->terms.carrier && link->terms.carrier->takes(ask)) {
        return ask_by_carrier(link, ask, answer_out);
    }
    enum sc_error error = link_ready(link);
    for (int try = 0; error == SC_OK; try++) {
        struct link_rider *rider = send_rider(link);
        wire_send(link, ask, try == 0);
        error = take_rider(link, rider);
        if (error == SC_OK) {
            error = wire_take(link, answer_out);
        }
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

/* --- many questions --- */

/* Answer `i` of a batch; where the script was lost, it is asked once more by itself, `later`. */
static enum sc_error settle(struct link *link, const struct link_batch *batch, size_t i,
                            bool *lost_out) {
    struct answer answer = {NULL};
    enum sc_error error = wire_take(link, &answer);
    if (error == SC_OK && answer_lost_script(&answer)) {
        *lost_out = true;
    } else if (error == SC_OK) {
        struct ask ask;
        batch->ask(batch->context, i, &ask);
        enum sc_error outcome = wire_judge(&ask, &answer);
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
    enum sc_error error = link_ready(link);
    struct link_rider *rider = error == SC_OK ? send_rider(link) : NULL;
    for (size_t i = from; i < to && error == SC_OK; i++) {
        struct ask ask;
        batch->ask(batch->context, i, &ask);
        wire_send(link, &ask, true);
    }
    if (error == SC_OK) {
        error = take_rider(link, rider);
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

/* --- replicas --- */

/* WAIT counts from the connection's last write. One that only found what an earlier one had written
 * needs a write of its own: a publication that nobody hears, but that replicas get. */
static void queue_wait(struct link *link, int64_t ms) {
    struct ask ask;
    ask_command(&ask, "PUBLISH");
    ask_key(&ask, sc_channel(SC_CHANNEL_CANARY, "wait"));
    ask_text(&ask, "");
    wire_send(link, &ask, true);
    ask_command(&ask, "WAIT");
    ask_number(&ask, link->terms.wait_replicas);
    ask_number(&ask, ms > 0 ? ms : 1);
    wire_send(link, &ask, true);
}

static enum sc_error count_replicas(struct link *link, const struct answer *answer) {
    int64_t count = answer_number(answer, 0);
    if (answer_fault(answer) || count < link->terms.wait_replicas) {
        wire_complain("redis_replicas_late", "WAIT", sc_log_number(count));
        wire_doubt(link);
        return SC_UNAVAILABLE;
    }
    return SC_OK;
}

static enum sc_error wait_for_replicas(struct link *link) {
    enum { SLACK_MS = 50 };
    struct answer published = {NULL}, waited = {NULL};
    int64_t most_ms = wire_patience_ms(link) - SLACK_MS;
    queue_wait(link, least(link->terms.wait_ms, most_ms));
    enum sc_error error = wire_take(link, &published);
    if (error == SC_OK) {
        error = wire_take(link, &waited);
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
