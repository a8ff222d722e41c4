/*
 * fake_redis: rooms' logs and the two links to them, without Redis.
 *
 * Takes the place of feed and store: what room and room_log call is defined here, and a test
 * decides, step by step, when Redis takes a command, what becomes of an answer, and which
 * publications arrive. Users' channels are left to the test. Between the two links there is no
 * order; within each there is, as with TCP.
 */
#ifndef FAKE_REDIS_H
#define FAKE_REDIS_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed.h"
#include "room.h"
#include "room_log.h"
#include "store.h"

enum { FAKE_ROOMS = 2, FAKE_LOG_MAX = 2048, FAKE_QUEUE_MAX = 4096, FAKE_JSON_MAX = 4096 };

static const char *const fake_ids[FAKE_ROOMS] = {"a", "b"};

/* Every entry that ever was has an `at` of its own; [seq - 1] is that of `seq`. */
struct fake_log {
    uint64_t at[FAKE_LOG_MAX];
    uint64_t end;
    bool subscribed; /* Redis publishes to us */
};

/* What is on its way to us on the link for subscriptions. */
struct fake_push {
    int room;
    uint64_t seq, at; /* seq 0: a confirmation */
};

/* What is on its way to Redis on that link. */
struct fake_request {
    int room;
    bool subscribe;
};

/* A question on the link for commands; a room has one at a time. */
struct fake_read {
    bool asked, executed;
    uint64_t from; /* 0: the newest */
    unsigned most;
    store_entries_fn *done;
    void *context;
    uint64_t first; /* the answer: entries from here on */
    size_t count;
    uint64_t at[128];
};

static struct {
    struct fake_log logs[FAKE_ROOMS];
    struct fake_push pushes[FAKE_QUEUE_MAX];
    size_t pushes_count;
    struct fake_request requests[FAKE_QUEUE_MAX];
    size_t requests_count;
    struct fake_read reads[FAKE_ROOMS];
    bool feed_up, store_up;
    bool feed_dead; /* nothing comes and goes any more, but nobody has noticed */
    bool deletions; /* some entries are, at which a tail is emptied */
    uint64_t reads_asked;
    uint64_t clock;
} fake;

/* What rooms' table asks of its process. */
uint64_t table_seed = 1;

static inline int fake_room(const char *id) {
    return id[0] - 'a';
}

/* Some are long, so that bounds in bytes are met as well as those in entries. */
static inline size_t fake_entry(char *out, int room, uint64_t seq, uint64_t at) {
    return (size_t)snprintf(out, FAKE_JSON_MAX,
                            "{\"type\":\"%s\",\"seq\":%" PRIu64 ",\"n\":%" PRIu64 ",\"at\":%" PRIu64
                            ",\"room\":\"%s\",\"text\":\"%*s\"}",
                            fake.deletions && at % 9 == 5 ? "deleted" : "message", seq, seq, at,
                            fake_ids[room], at % 16 == 0 ? 1500 : 1, ".");
}

/* --- what room and room_log call --- */

static inline void fake_ask(const char *id, bool subscribe) {
    if (fake.feed_up && fake.requests_count < FAKE_QUEUE_MAX) {
        fake.requests[fake.requests_count++] = (struct fake_request){fake_room(id), subscribe};
    }
}

void feed_subscribe(struct feed *feed, enum feed_kind kind, const char *id) {
    (void)feed;
    if (kind == FEED_ROOM) {
        fake_ask(id, true);
    }
}

void feed_unsubscribe(struct feed *feed, enum feed_kind kind, const char *id) {
    (void)feed;
    if (kind == FEED_ROOM) {
        fake_ask(id, false);
    }
}

bool store_is_up(const struct store *store) {
    (void)store;
    return fake.store_up;
}

static inline void fake_read(const char *id, uint64_t from, unsigned most, store_entries_fn *done,
                             void *context) {
    struct fake_read *read = &fake.reads[fake_room(id)];
    fake.reads_asked++;
    if (!fake.store_up) {
        done(SC_UNAVAILABLE, NULL, 0, context);
        return;
    }
    if (read->asked) {
        fprintf(stderr, "room %s: a second read at the same time\n", id);
        abort();
    }
    *read = (struct fake_read){
        .asked = true, .from = from, .most = most, .done = done, .context = context};
}

void store_range(struct store *store, const char *room, uint64_t seq, unsigned most,
                 store_entries_fn *done, void *context) {
    (void)store;
    fake_read(room, seq, most, done, context);
}

void store_newest(struct store *store, const char *room, store_entries_fn *done, void *context) {
    (void)store;
    fake_read(room, 0, 1, done, context);
}

/* --- what a test has done --- */

static inline void fake_reset(void) {
    memset(&fake, 0, sizeof fake);
    fake.feed_up = fake.store_up = true;
    fake.clock = 1000;
}

static inline void fake_push(struct fake_push push) {
    if (fake.feed_up && !fake.feed_dead && fake.pushes_count < FAKE_QUEUE_MAX) {
        fake.pushes[fake.pushes_count++] = push;
    }
}

/* Somebody writes to a room. */
static inline void fake_append(int room) {
    struct fake_log *log = &fake.logs[room];
    log->at[log->end++] = ++fake.clock;
    if (log->subscribed) {
        fake_push((struct fake_push){room, log->end, fake.clock});
    }
}

/* A restore or failover: what came after entry `end` never was. */
static inline void fake_truncate(int room, uint64_t end) {
    fake.logs[room].end = end;
}

/* Redis takes the next SUBSCRIBE or UNSUBSCRIBE. */
static inline bool fake_take_request(void) {
    if (fake.requests_count == 0 || fake.feed_dead) {
        return false;
    }
    struct fake_request request = fake.requests[0];
    memmove(fake.requests, fake.requests + 1, --fake.requests_count * sizeof *fake.requests);
    fake.logs[request.room].subscribed = request.subscribe;
    if (request.subscribe) {
        fake_push((struct fake_push){.room = request.room});
    }
    return true;
}

static inline void fake_show(struct room_set *set, struct fake_push push) {
    struct room *room = room_find(set, fake_ids[push.room]);
    char json[FAKE_JSON_MAX];
    if (room != NULL && push.seq == 0) {
        room_on_subscribed(room);
    } else if (room != NULL) {
        struct sc_event_head head;
        size_t bytes = fake_entry(json, push.room, push.seq, push.at);
        sc_event_peek(json, bytes, &head);
        room_log_on_entry(room, &head, json, bytes);
    }
}

static inline void fake_lose(size_t index) {
    memmove(fake.pushes + index, fake.pushes + index + 1,
            (--fake.pushes_count - index) * sizeof *fake.pushes);
}

/* The next thing that was pushed arrives. */
static inline bool fake_deliver(struct room_set *set) {
    if (fake.pushes_count == 0 || fake.feed_dead) {
        return false;
    }
    struct fake_push push = fake.pushes[0];
    fake_lose(0);
    fake_show(set, push);
    return true;
}

/* Redis executes the read: from now on its answer stands. */
static inline bool fake_execute(int room) {
    struct fake_read *read = &fake.reads[room];
    const struct fake_log *log = &fake.logs[room];
    if (!read->asked || read->executed) {
        return false;
    }
    read->executed = true;
    read->first = read->from > 0 ? read->from : log->end > 0 ? log->end : 1;
    while (read->count < read->most && read->first + read->count <= log->end) {
        read->at[read->count] = log->at[read->first + read->count - 1];
        read->count++;
    }
    return true;
}

static inline void fake_fail(int room) {
    struct fake_read read = fake.reads[room];
    fake.reads[room].asked = false;
    read.done(SC_UNAVAILABLE, NULL, 0, read.context);
}

/* The answer arrives. */
static inline bool fake_answer(int room) {
    struct fake_read read = fake.reads[room];
    if (!read.asked || !read.executed) {
        return false;
    }
    fake.reads[room].asked = false;
    struct store_entry *entries = calloc(read.count + 1, sizeof *entries);
    char *json = malloc((read.count + 1) * FAKE_JSON_MAX);
    for (size_t i = 0; i < read.count; i++) {
        struct store_entry *entry = &entries[i];
        char *text = json + i * FAKE_JSON_MAX;
        entry->bytes = fake_entry(text, room, read.first + i, read.at[i]);
        entry->json = text;
        sc_event_peek(text, entry->bytes, &entry->head);
    }
    read.done(SC_OK, entries, read.count, read.context);
    free(json);
    free(entries);
    return true;
}

static inline void fake_store_down(void) {
    fake.store_up = false;
    for (int room = 0; room < FAKE_ROOMS; room++) {
        if (fake.reads[room].asked) {
            fake_fail(room);
        }
    }
}

static inline void fake_store_up(struct room_set *set) {
    fake.store_up = true;
    room_set_on_store_up(set);
}

static inline void fake_feed_down(struct room_set *set) {
    fake.feed_up = fake.feed_dead = false;
    fake.pushes_count = fake.requests_count = 0;
    for (int room = 0; room < FAKE_ROOMS; room++) {
        fake.logs[room].subscribed = false;
    }
    room_set_on_feed_down(set);
}

static inline void fake_feed_up(struct room_set *set) {
    fake.feed_up = true;
    room_set_on_feed_up(set);
}

/* Everything that is under way comes to its end; false when that takes for ever. */
static inline bool fake_settle(struct room_set *set) {
    for (int round = 0; round < 10000; round++) {
        bool any = fake_take_request() || fake_deliver(set);
        for (int room = 0; room < FAKE_ROOMS; room++) {
            any = fake_execute(room) || any;
            any = fake_answer(room) || any;
        }
        room_set_deliver(set, INT64_MAX);
        if (!any) {
            return true;
        }
    }
    return false;
}

#endif
