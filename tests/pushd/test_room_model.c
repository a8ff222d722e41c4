/*
 * room, by a model: whatever happens, in whatever order, readers get what they were promised.
 *
 * A sequence is some dozens of steps drawn from a seed: people write, publications are lost or come
 * twice, answers come late or not at all, links are lost and found, logs are rewritten, readers
 * come, resume from right and wrong cursors, read slowly and leave. Then all calms down, and
 * everybody must hold exactly what the log holds. A failure names its seed: STONECHAT_SEED=N runs
 * that one alone and tells each step, STONECHAT_SEED=N-M runs those from N to M.
 */
#include "suite.h"

#include "fake_reader.h"
#include "quiet.h"

enum { READERS = 3, SEQUENCES = 20000, STEPS_MOST = 120 };

static struct {
    uint64_t random;
    bool lossy;     /* publications may be lost, or overtake each other */
    bool rewriting; /* logs may be replaced */
    bool told;
    struct room_set rooms;
    struct wheel wheel;
    struct fake_reader readers[READERS];
    bool failed_over[FAKE_ROOMS];
} world;

/* splitmix64 */
static uint64_t draw(uint64_t below) {
    uint64_t z = world.random += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (z ^ z >> 31) % below;
}

static int draw_room(void) {
    return (int)draw(FAKE_ROOMS);
}

/* --- what can happen --- */

static void somebody_writes(void) {
    int room = draw_room();
    uint64_t count = 1 + draw(draw(8) == 0 ? draw(10) == 0 ? 300 : 20 : 2);
    while (count-- > 0 && fake.logs[room].end < FAKE_LOG_MAX / 2) {
        fake_append(room);
    }
}

static void redis_subscribes(void) {
    fake_take_request();
}

static void a_push_arrives(void) {
    fake_deliver(&world.rooms);
}

/* In one of three, all rooms rest. */
static void a_turn_ends(void) {
    room_set_deliver(&world.rooms, draw(3) == 0 ? -1 : INT64_MAX);
}

static bool is_publication(size_t index) {
    return index < fake.pushes_count && fake.pushes[index].seq > 0;
}

static void a_publication_is_lost(void) {
    if (world.lossy && is_publication(0) && !fake.feed_dead) {
        fake_lose(0);
    }
}

static void a_publication_comes_twice(void) {
    if (is_publication(0) && !fake.feed_dead) {
        fake_show(&world.rooms, fake.pushes[0]);
    }
}

static void a_publication_is_overtaken(void) {
    if (world.lossy && is_publication(0) && is_publication(1)) {
        struct fake_push first = fake.pushes[0];
        fake.pushes[0] = fake.pushes[1];
        fake.pushes[1] = first;
    }
}

static void redis_executes(void) {
    fake_execute(draw_room());
}

static void an_answer_arrives(void) {
    fake_answer(draw_room());
}

static void a_read_fails(void) {
    int room = draw_room();
    if (fake.reads[room].asked) {
        fake_fail(room);
    }
}

static void commands_are_lost(void) {
    if (fake.store_up) {
        fake_store_down();
    }
}

static void commands_are_back(void) {
    if (!fake.store_up) {
        fake_store_up(&world.rooms);
    }
}

static void the_feed_dies(void) {
    fake.feed_dead = fake.feed_up;
}

static void the_feed_is_lost(void) {
    if (fake.feed_up) {
        fake_feed_down(&world.rooms);
    }
}

static void the_feed_is_back(void) {
    if (!fake.feed_up) {
        fake_feed_up(&world.rooms);
    }
}

/* With a failover both links are lost, though not at the same time; without one (somebody empties
 * a key) the only sign is what is published next. */
static void a_log_is_rewritten(void) {
    int room = draw_room();
    if (!world.rewriting) {
        return;
    }
    if (world.lossy || draw(2) == 0) {
        the_feed_dies();
        commands_are_lost();
    }
    fake_truncate(room, draw(3) == 0 ? 0 : draw(fake.logs[room].end + 1));
    for (uint64_t count = draw(6); count > 0; count--) {
        fake_append(room);
    }
}

static void time_passes(void) {
    wheel_turn(&world.wheel, world.wheel.now + (uint32_t)(draw(8) == 0 ? 15 : 1 + draw(2)));
}

/* --- what readers do --- */

static struct fake_reader *draw_reader(bool here) {
    struct fake_reader *reader = &world.readers[draw(READERS)];
    return reader->here == here ? reader : NULL;
}

static void enter(struct fake_reader *reader, int room, uint64_t from) {
    struct fake_view *view = &reader->views[room];
    view->sub = room_enter(&world.rooms, fake_ids[room], &reader->conn, from);
}

static void a_reader_comes(void) {
    struct fake_reader *reader = draw_reader(false);
    if (reader != NULL) {
        fake_come(reader);
        for (int room = 0; room < FAKE_ROOMS; room++) {
            if (draw(4) != 0) {
                enter(reader, room, 0);
            }
        }
    }
}

/* A member entry says from where on. */
static void a_reader_joins(void) {
    struct fake_reader *reader = draw_reader(true);
    int room = draw_room();
    uint64_t end = fake.logs[room].end;
    if (reader != NULL && reader->views[room].sub == NULL && end > 0) {
        uint64_t from = end - draw(end < 3 ? end : 3);
        fake_begin(reader, room, from, false);
        enter(reader, room, from);
    }
}

static void resume_unnamed(struct fake_reader *reader, int room) {
    fake_resume(reader, room, reader->views[room].sub->cursor, false, 0);
}

static void a_reader_resumes(void) {
    struct fake_reader *reader = draw_reader(true);
    int room = draw_room();
    struct sub *sub = reader != NULL ? reader->views[room].sub : NULL;
    uint64_t end = fake.logs[room].end;
    if (sub == NULL || sub->state == SUB_NEW) {
        return;
    }
    uint64_t cursor = draw(end + (draw(8) == 0 ? 5 : 1));
    uint64_t at = cursor > 0 && cursor <= end ? fake.logs[room].at[cursor - 1] : 0;
    if (sub->resumed) {
        return;
    }
    switch (draw(6)) {
    case 0:
        fake_resume(reader, room, cursor, true, 0);
        break;
    case 1:
        fake_resume(reader, room, cursor, true, 1 + draw(9));
        break;
    case 2:
        if (sub->state == SUB_HELD) {
            resume_unnamed(reader, room);
        }
        break;
    default:
        fake_resume(reader, room, cursor, true, at);
    }
}

/* Some say so late, when much has come already. */
static void a_reader_resumes_at_last(void) {
    struct fake_reader *reader = draw_reader(true);
    int room = draw_room();
    struct sub *sub = reader != NULL ? reader->views[room].sub : NULL;
    uint64_t end = fake.logs[room].end;
    uint64_t cursor = draw(end + 2);
    if (sub != NULL && !sub->resumed && (sub->state == SUB_BEHIND || sub->state == SUB_LIVE)) {
        uint64_t at = cursor > 0 && cursor <= end ? fake.logs[room].at[cursor - 1] : 0;
        fake_resume_at_any_time(reader, room, cursor, at);
    }
}

static void a_reader_mutes_a_room(void) {
    struct fake_reader *reader = draw_reader(true);
    int room = draw_room();
    const struct sub *sub = reader != NULL ? reader->views[room].sub : NULL;
    if (sub != NULL && (sub->state == SUB_BEHIND || sub->state == SUB_LIVE)) {
        fake_mute(reader, room);
    }
}

static void a_reader_unmutes_a_room(void) {
    struct fake_reader *reader = draw_reader(true);
    int room = draw_room();
    const struct sub *sub = reader != NULL ? reader->views[room].sub : NULL;
    if (sub != NULL && sub->state == SUB_MUTED) {
        fake_unmute(reader, room);
    }
}

static void a_reader_reads(void) {
    struct fake_reader *reader = draw_reader(true);
    if (reader != NULL) {
        fake_receive(reader, 1 + draw(draw(4) == 0 ? 20000 : 300));
    }
}

static void a_reader_leaves(void) {
    struct fake_reader *reader = draw_reader(true);
    if (reader != NULL) {
        fake_leave(reader);
    }
}

#define STEPS(X)                                                                                   \
    X(somebody_writes, 16)                                                                         \
    X(redis_subscribes, 8)                                                                         \
    X(a_push_arrives, 20)                                                                          \
    X(a_turn_ends, 16)                                                                             \
    X(a_publication_is_lost, 3)                                                                    \
    X(a_publication_comes_twice, 2)                                                                \
    X(a_publication_is_overtaken, 2)                                                               \
    X(redis_executes, 10)                                                                          \
    X(an_answer_arrives, 12)                                                                       \
    X(a_read_fails, 1)                                                                             \
    X(commands_are_lost, 1)                                                                        \
    X(commands_are_back, 3)                                                                        \
    X(the_feed_dies, 1)                                                                            \
    X(the_feed_is_lost, 1)                                                                         \
    X(the_feed_is_back, 3)                                                                         \
    X(a_log_is_rewritten, 2)                                                                       \
    X(time_passes, 2)                                                                              \
    X(a_reader_comes, 6)                                                                           \
    X(a_reader_joins, 2)                                                                           \
    X(a_reader_resumes, 8)                                                                         \
    X(a_reader_resumes_at_last, 2)                                                                 \
    X(a_reader_mutes_a_room, 2)                                                                    \
    X(a_reader_unmutes_a_room, 3)                                                                  \
    X(a_reader_reads, 12)                                                                          \
    X(a_reader_leaves, 1)

static const struct {
    const char *name;
    unsigned weight;
    void (*run)(void);
} steps[] = {
#define X(name, weight) {#name, weight, name},
    STEPS(X)
#undef X
};

enum {
#define X(name, weight) +weight
    WEIGHTS = 0 STEPS(X)
#undef X
};

static void tell(const char *name) {
    printf("%s\n", name);
    for (int i = 0; i < FAKE_ROOMS; i++) {
        const struct room *room = room_find(&world.rooms, fake_ids[i]);
        printf("    log %s ends at %" PRIu64, fake_ids[i], fake.logs[i].end);
        if (room != NULL) {
            printf(", room: seq %" PRIu64 ", seen %" PRIu64 ", %s%s reading %d", room->seq,
                   room->seen, room->known ? "known" : "unknown",
                   room->suspect ? ", suspect," : ",", (int)room->reading);
        }
        printf("\n");
        for (int r = 0; r < READERS; r++) {
            const struct fake_view *v = &world.readers[r].views[i];
            if (world.readers[r].here && v->sub != NULL) {
                printf("        reader %d: state %d, cursor %" PRIu64 " at %" PRIu64
                       "%s%s, has all before %" PRIu64 ", queue %" PRIu32 "%s\n",
                       r, (int)v->sub->state, v->sub->cursor, v->sub->at,
                       v->sub->check ? " check" : "", v->sub->is_waiting ? " waits" : "", v->next,
                       world.readers[r].conn.outbox.bytes,
                       world.readers[r].conn.full ? " full" : "");
            }
        }
    }
}

static void take_a_step(void) {
    uint64_t left = draw(WEIGHTS);
    size_t i = 0;
    while (left >= steps[i].weight) {
        left -= steps[i++].weight;
    }
    steps[i].run();
    if (world.told) {
        tell(steps[i].name);
    }
}

/* --- a sequence --- */

static void on_ready(struct sub *sub) {
    (void)sub;
}

static void on_rewritten(struct sub *sub) {
    (void)sub;
}

static void on_fresh(struct room *room) {
    (void)room;
}

static void on_member(struct room *room, const struct sc_event_head *head, const char *json,
                      size_t bytes) {
    (void)room;
    (void)head;
    (void)json;
    (void)bytes;
}

static void begin(uint64_t seed) {
    static const struct room_events events = {on_ready, on_rewritten, on_fresh, on_member};
    world.random = seed;
    world.lossy = draw(2) == 0;
    world.rewriting = draw(2) == 0;
    fake_reset();
    fake.deletions = draw(2) == 0;
    fake_readers.fault[0] = '\0';
    fake_readers.queue_bytes = (uint32_t)(draw(2) == 0 ? 300 + draw(1000) : 5000 + draw(100000));
    wheel_init(&world.wheel);
    room_set_init(&world.rooms, NULL, NULL, &world.wheel, &events);
    for (int room = 0; room < FAKE_ROOMS; room++) {
        uint64_t count = draw(draw(10) == 0 ? 400 : 8);
        while (count-- > 0) {
            fake_append(room);
        }
    }
}

static void read_everything(void) {
    bool any = true;
    for (int round = 0; any && round < 2000; round++) {
        any = false;
        if (!fake_settle(&world.rooms)) {
            READER_FAULT("Redis is asked for ever");
        }
        for (int i = 0; i < READERS; i++) {
            any = (world.readers[i].here && fake_receive(&world.readers[i], 100000)) || any;
        }
    }
    if (any) {
        READER_FAULT("readers are served for ever");
    }
}

static void resume_the_rest(void) {
    for (int i = 0; i < READERS; i++) {
        for (int room = 0; room < FAKE_ROOMS; room++) {
            struct sub *sub = world.readers[i].views[room].sub;
            if (world.readers[i].here && sub != NULL && sub->state == SUB_HELD) {
                resume_unnamed(&world.readers[i], room);
            }
        }
    }
}

static void judge(void) {
    for (int i = 0; i < READERS; i++) {
        for (int room = 0; world.readers[i].here && room < FAKE_ROOMS; room++) {
            fake_judge(&world.readers[i], room);
        }
    }
}

/* What was lost without a sign shows with the next entry. */
static void calm_down(void) {
    if (fake.feed_dead) {
        the_feed_is_lost();
    }
    the_feed_is_back();
    commands_are_back();
    for (int round = 0; round < 3; round++) {
        read_everything();
        wheel_turn(&world.wheel, world.wheel.now + 2);
    }
    resume_the_rest();
    read_everything();
    if (!world.lossy && !world.rewriting) {
        judge();
    }
    fake_append(0);
    fake_append(1);
    read_everything();
}

static void end(void) {
    for (int i = 0; i < READERS; i++) {
        if (world.readers[i].here) {
            fake_leave(&world.readers[i]);
        }
    }
    fake_store_down();
    room_set_deinit(&world.rooms);
}

static void run_sequence(uint64_t seed) {
    begin(seed);
    for (uint64_t count = draw(STEPS_MOST); count > 0 && fake_readers.fault[0] == '\0'; count--) {
        take_a_step();
    }
    if (fake_readers.fault[0] == '\0') {
        calm_down();
    }
    if (fake_readers.fault[0] == '\0') {
        judge();
    }
    end();
    if (fake_readers.fault[0] != '\0') {
        fail_msg("STONECHAT_SEED=%" PRIu64 ": %s", seed, fake_readers.fault);
    }
}

static void every_reader_gets_every_entry_in_order_and_once(void **state) {
    (void)state;
    const char *wanted = getenv("STONECHAT_SEED");
    uint64_t first = 1, last = SEQUENCES;
    if (wanted != NULL) {
        char *end;
        first = last = strtoull(wanted, &end, 10);
        world.told = *end != '-';
        if (*end == '-') {
            last = strtoull(end + 1, NULL, 10);
        }
    }
    for (uint64_t seed = first; seed <= last; seed++) {
        run_sequence(seed);
    }
}

int main(void) {
    be_quiet();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reader_gets_every_entry_in_order_and_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
