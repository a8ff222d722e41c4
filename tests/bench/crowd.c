/*
 * crowd: readers from their first connection to the end (see crowd.h).
 *
 * Between reads a reader holds a buffer only when a frame is there in part.
 */
#include "crowd.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "reader.h"

enum { EVENTS = 512, READ_BYTES = 1 << 18, POLL_MS = 20, POLL_AWAY_MS = 2 };
static const uint64_t CROWDED_NS = 5000000, UNHEARD_NS = 100000000;

struct crowd {
    struct ear ear;
    struct reader *readers;
    int epoll;
    unsigned away, in_between, turn; /* AWAY; on their way in; who is looked at next */
    uint64_t earliest_ns;            /* nobody comes back before that */
    uint64_t deaf, cuts, began_ns, since_ns;
    unsigned char *buffer;
};

/* --- coming --- */

static void stay_away(struct crowd *crowd, struct reader *reader, uint64_t ns) {
    reader->state = READER_AWAY;
    reader->due_ns = now_ns() + ns;
    if (reader->due_ns < crowd->earliest_ns) {
        crowd->earliest_ns = reader->due_ns;
    }
}

/* Up to half as much again, so that those who failed together don't try again together. */
static uint64_t spread(uint64_t ns) {
    return ns + (uint64_t)random() % (ns / 2);
}

static void on_no_connection(struct crowd *crowd, struct reader *reader) {
    struct tally *tally = crowd->ear.tally;
    if (errno == EAGAIN) {
        atomic_fetch_add(&tally->crowded, 1);
        stay_away(crowd, reader, spread(CROWDED_NS));
    } else if (crowd->ear.plan->returns && (errno == ECONNREFUSED || errno == ENOENT)) {
        atomic_fetch_add(&tally->unheard, 1);
        stay_away(crowd, reader, spread(UNHEARD_NS));
    } else {
        err(1, "connection %u", reader->index);
    }
}

static void come(struct crowd *crowd, struct reader *reader) {
    struct epoll_event event = {.events = crowd->deaf ? 0 : EPOLLIN, .data.ptr = reader};
    atomic_fetch_add(&crowd->ear.tally->tries, 1);
    reader->fd = address_try(&crowd->ear.plan->target, reader->index);
    if (reader->fd < 0) {
        on_no_connection(crowd, reader);
        return;
    }
    if (epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, reader->fd, &event) != 0) {
        err(1, "epoll_ctl");
    }
    crowd->away--;
    crowd->in_between++;
    reader_ask(&crowd->ear, reader);
}

/* Lets in who is due, in turn, as many as may be on their way at a time. */
static void let_come(struct crowd *crowd) {
    const struct crowd_plan *plan = crowd->ear.plan;
    unsigned most = plan->opening ? plan->opening : plan->count;
    uint64_t now = now_ns();
    if (crowd->away == 0 || now < crowd->earliest_ns ||
        atomic_load(&crowd->ear.all->controls[plan->group].open) == 0) {
        return;
    }
    crowd->earliest_ns = UINT64_MAX;
    for (unsigned looked = 0; looked < plan->count; looked++) {
        struct reader *reader = &crowd->readers[crowd->turn];
        if (crowd->in_between >= most) {
            crowd->earliest_ns = 0;
            return;
        }
        crowd->turn = (crowd->turn + 1) % plan->count;
        if (reader->state == READER_AWAY && reader->due_ns <= now) {
            come(crowd, reader);
        } else if (reader->state == READER_AWAY && reader->due_ns < crowd->earliest_ns) {
            crowd->earliest_ns = reader->due_ns;
        }
    }
}

/* --- going --- */

static void leave(struct crowd *crowd, struct reader *reader) {
    if (reader->state == READER_IN) {
        atomic_fetch_sub(&crowd->ear.tally->in, 1);
    } else {
        crowd->in_between--;
    }
    close(reader->fd);
    reader->fd = -1;
    free(reader->carry);
    reader->carry = NULL;
    reader->carried = 0;
    crowd->away++;
}

static void on_ended(struct crowd *crowd, struct reader *reader) {
    bool was_in = reader->state == READER_IN;
    if (!crowd->ear.plan->returns && !was_in) {
        errx(1, "a connection was ended before it was in");
    }
    leave(crowd, reader);
    stay_away(crowd, reader, reader->wait_ns);
    if (!crowd->ear.plan->returns) {
        atomic_fetch_add(&crowd->ear.tally->closed, 1);
        reader->due_ns = UINT64_MAX;
    }
}

/* --- reading --- */

static void keep_rest(struct reader *reader, const unsigned char *rest, size_t bytes) {
    free(reader->carry);
    reader->carry = NULL;
    reader->carried = bytes;
    if (bytes > 0) {
        reader->carry = malloc(bytes);
        memcpy(reader->carry, rest, bytes);
    }
}

static void publish_count(struct ear *ear) {
    if (ear->deliveries > 0) {
        atomic_fetch_add(&ear->tally->deliveries, ear->deliveries);
        ear->deliveries = 0;
    }
}

static void on_readable(struct crowd *crowd, struct reader *reader) {
    unsigned char *buffer = crowd->buffer;
    size_t have = reader->carried;
    if (have > 0) {
        memcpy(buffer, reader->carry, have);
    }
    ssize_t got = recv(reader->fd, buffer + have, READ_BYTES - have, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) {
        return;
    }
    if (got <= 0) {
        on_ended(crowd, reader);
        return;
    }
    have += (size_t)got;
    bool was_in = reader->state == READER_IN;
    crowd->ear.now_ns = now_ns();
    size_t taken = reader_take(&crowd->ear, reader, buffer, have);
    keep_rest(reader, buffer + taken, have - taken);
    crowd->in_between -= !was_in && reader->state == READER_IN;
    publish_count(&crowd->ear);
}

/* --- obeying --- */

static void listen_or_not(struct crowd *crowd, uint64_t deaf) {
    crowd->deaf = deaf;
    for (unsigned i = 0; i < crowd->ear.plan->count; i++) {
        struct reader *reader = &crowd->readers[i];
        struct epoll_event event = {.events = deaf ? 0 : EPOLLIN, .data.ptr = reader};
        if (reader->state != READER_AWAY) {
            epoll_ctl(crowd->epoll, EPOLL_CTL_MOD, reader->fd, &event);
        }
    }
}

static void cut_all(struct crowd *crowd) {
    for (unsigned i = 0; i < crowd->ear.plan->count; i++) {
        struct reader *reader = &crowd->readers[i];
        if (reader->state != READER_AWAY) {
            leave(crowd, reader);
            stay_away(crowd, reader, 0);
        }
    }
}

static bool is_new(uint64_t *mine, const _Atomic uint64_t *theirs) {
    uint64_t was = *mine;
    *mine = atomic_load(theirs);
    return *mine != was;
}

static void obey(struct crowd *crowd) {
    const struct tallies *all = crowd->ear.all;
    const struct control *control = &all->controls[crowd->ear.plan->group];
    struct tally *tally = crowd->ear.tally;
    uint64_t deaf = atomic_load(&control->deaf);
    if (is_new(&crowd->since_ns, &all->since_ns)) {
        memset(&tally->latency, 0, sizeof tally->latency);
    }
    if (is_new(&crowd->began_ns, &control->began_ns)) {
        memset(&tally->entering, 0, sizeof tally->entering);
    }
    if (deaf != crowd->deaf) {
        listen_or_not(crowd, deaf);
    }
    if (is_new(&crowd->cuts, &control->cuts)) {
        cut_all(crowd);
    }
}

/* --- its life --- */

void crowd_run(const struct crowd_plan *plan, struct tallies *all, struct tally *tally) {
    struct crowd crowd = {.ear = {.plan = plan, .all = all, .tally = tally},
                          .readers = calloc(plan->count, sizeof *crowd.readers),
                          .epoll = epoll_create1(EPOLL_CLOEXEC),
                          .away = plan->count,
                          .buffer = malloc(READ_BYTES)};
    struct epoll_event events[EVENTS];
    srandom((unsigned)getpid());
    for (unsigned i = 0; i < plan->count; i++) {
        crowd.readers[i].index = plan->first + i;
    }
    while (atomic_load(&all->over) == 0) {
        obey(&crowd);
        let_come(&crowd);
        int ready =
            epoll_wait(crowd.epoll, events, EVENTS, crowd.away > 0 ? POLL_AWAY_MS : POLL_MS);
        for (int i = 0; i < ready; i++) {
            on_readable(&crowd, events[i].data.ptr);
        }
    }
}
