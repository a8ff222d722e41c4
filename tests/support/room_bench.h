/*
 * room_bench: one room's log and two of its readers, on links to Redis that the test plays.
 *
 * For what can be told in sentences; test_room_model.c draws the rest. Nobody has looked at the log
 * yet, which has ten entries.
 */
#ifndef ROOM_BENCH_H
#define ROOM_BENCH_H

#include "suite.h"

#include "fake_reader.h"
#include "quiet.h"
#include "readers.h"

static struct room_set rooms;
static struct wheel wheel;
static struct fake_reader reader, other;
static unsigned ready, rewritten, members;
static uint64_t last_member;

static inline void on_ready(struct sub *sub) {
    assert_int_equal(sub->state, SUB_HELD);
    ready++;
}

static inline void on_rewritten(struct sub *sub) {
    (void)sub;
    rewritten++;
}

static inline void on_fresh(struct room *room) {
    (void)room;
}

static inline void on_member(struct room *room, const struct sc_event_head *head, const char *json,
                             size_t bytes) {
    (void)json;
    (void)bytes;
    assert_int_equal(room->seq, head->seq);
    last_member = head->seq;
    members++;
}

static inline void write_entries(uint64_t count) {
    while (count-- > 0) {
        fake_append(0);
    }
}

static inline int set_up(void **state) {
    static const struct room_events events = {on_ready, on_rewritten, on_fresh, on_member};
    (void)state;
    ready = rewritten = members = 0;
    fake_reset();
    fake_readers.fault[0] = '\0';
    fake_readers.queue_bytes = 100000;
    wheel_init(&wheel);
    room_set_init(&rooms, NULL, NULL, &wheel, &events);
    fake_come(&reader);
    fake_come(&other);
    write_entries(10);
    return 0;
}

static inline int tear_down(void **state) {
    (void)state;
    fake_leave(&reader);
    fake_leave(&other);
    fake_store_down();
    room_set_deinit(&rooms);
    return 0;
}

static inline void enter(struct fake_reader *who, uint64_t from) {
    who->views[0].sub = room_enter(&rooms, "a", &who->conn, from);
}

/* All that is under way arrives, and everybody reads everything. */
static inline void settle(void) {
    for (int i = 0; i < 20; i++) {
        assert_true(fake_settle(&rooms));
        fake_receive(&reader, 1000000);
        fake_receive(&other, 1000000);
    }
    assert_string_equal(fake_readers.fault, "");
}

static inline void assert_holds(const struct fake_reader *who, uint64_t first, uint64_t last) {
    const struct fake_view *view = &who->views[0];
    assert_int_equal(view->first, first);
    assert_int_equal(view->next, last + 1);
    fake_judge(who, 0);
    assert_string_equal(fake_readers.fault, "");
}

static inline uint64_t at_of(uint64_t seq) {
    return fake.logs[0].at[seq - 1];
}

static inline void live(struct fake_reader *who) {
    enter(who, 0);
    settle();
    fake_resume(who, 0, who->views[0].sub->cursor, false, 0);
    settle();
}

#endif
