/*
 * readers: who is behind, who is live, and what one turn of the loop brings them.
 */
#include "room_bench.h"

static void nothing_is_sent_before_resume(void **state) {
    (void)state;
    enter(&reader, 0);
    settle();
    write_entries(3);
    settle();
    assert_int_equal(reader.views[0].next, 0);
    fake_resume(&reader, 0, 10, false, 0);
    settle();
    assert_holds(&reader, 11, 13);
}

/* Where it stands is not known yet, which is not the log's beginning. */
static void who_changes_its_mind_before_the_end_is_known_gets_no_more_for_it(void **state) {
    (void)state;
    enter(&reader, 9);
    fake_begin(&reader, 0, 9, false);
    readers_mute(reader.views[0].sub);
    readers_unmute(reader.views[0].sub, false);
    room_serve(reader.views[0].sub);
    settle();
    write_entries(3);
    settle();
    assert_holds(&reader, 9, 13);
}

static void who_is_a_little_behind_is_served_from_memory(void **state) {
    (void)state;
    live(&reader);
    write_entries(20);
    settle();
    uint64_t asked = fake.reads_asked;
    enter(&other, 0);
    fake_resume(&other, 0, 12, true, at_of(12));
    settle();
    assert_holds(&other, 13, 30);
    assert_int_equal(fake.reads_asked, asked);
}

static void who_is_far_behind_is_served_page_by_page(void **state) {
    (void)state;
    write_entries(400);
    enter(&reader, 0);
    settle();
    fake_resume(&reader, 0, 0, true, 0);
    write_entries(5);
    settle();
    assert_holds(&reader, 1, 415);
}

static void readers_who_wait_share_their_pages(void **state) {
    (void)state;
    enter(&reader, 0);
    enter(&other, 0);
    settle();
    uint64_t asked = fake.reads_asked;
    fake_resume(&reader, 0, 2, true, 0);
    fake_resume(&other, 0, 2, true, 0);
    settle();
    assert_holds(&reader, 3, 10);
    assert_holds(&other, 3, 10);
    assert_int_equal(fake.reads_asked, asked + 1);
}

static void a_cursor_beyond_the_end_is_reset(void **state) {
    (void)state;
    enter(&reader, 0);
    settle();
    fake_resume(&reader, 0, 11, true, 0);
    settle();
    assert_int_equal(reader.views[0].resets, 1);
    assert_holds(&reader, 11, 10);
    write_entries(1);
    settle();
    assert_holds(&reader, 11, 11);
}

static void a_cursor_of_another_log_is_reset(void **state) {
    (void)state;
    enter(&reader, 0);
    settle();
    fake_resume(&reader, 0, 5, true, at_of(5) + 1);
    settle();
    assert_int_equal(reader.views[0].resets, 1);
    assert_holds(&reader, 11, 10);
    assert_int_equal(rewritten, 0);
}

static void what_a_late_resume_finds_in_the_queue_is_still_owed_when_it_is_shed(void **state) {
    (void)state;
    live(&reader);
    fake_readers.queue_bytes = 300;
    write_entries(3);
    assert_true(fake_settle(&rooms));
    fake_resume_at_any_time(&reader, 0, 10, at_of(10));
    write_entries(6);
    settle();
    assert_true(reader.sheds > 0);
    assert_holds(&reader, 11, 19);
}

static void who_joins_gets_everything_from_there_on(void **state) {
    (void)state;
    fake_begin(&reader, 0, 8, false);
    enter(&reader, 8);
    settle();
    assert_holds(&reader, 8, 10);
    write_entries(1);
    settle();
    assert_holds(&reader, 8, 11);
}

static void a_slow_reader_loses_nothing(void **state) {
    (void)state;
    fake_readers.queue_bytes = 500;
    live(&reader);
    for (int i = 0; i < 200; i++) {
        write_entries(1);
        fake_settle(&rooms);
        fake_receive(&reader, (size_t)(i % 90));
    }
    assert_true(reader.sheds > 0);
    settle();
    assert_holds(&reader, 11, 210);
}

/* Entries that fill the queue exactly, one after the other, with caught_up behind them. */
static void a_queue_that_is_filled_by_the_last_entry_comes_to_an_end(void **state) {
    (void)state;
    for (uint32_t bytes = 60; bytes < 900; bytes += 7) {
        tear_down(state);
        set_up(state);
        fake_readers.queue_bytes = bytes;
        enter(&reader, 0);
        settle();
        fake_resume(&reader, 0, 0, true, 0);
        settle();
        assert_holds(&reader, 1, 10);
    }
}

static void passing_events_reach_those_who_have_resumed(void **state) {
    (void)state;
    live(&reader);
    enter(&other, 0);
    struct frame *frame = frame_text(FRAME_PASSING, "{}", 2);
    readers_pass(room_find(&rooms, "a"), frame);
    assert_int_equal(frame->refs, 2);
    assert_int_equal(reader.conn.outbox.count, 1);
    assert_int_equal(other.conn.outbox.count, 0);
    frame_unref(&frame);
}

static void what_one_turn_brings_goes_out_in_one_piece(void **state) {
    (void)state;
    live(&reader);
    write_entries(5);
    while (fake_deliver(&rooms)) {
    }
    assert_int_equal(reader.conn.outbox.count, 0);
    room_set_deliver(&rooms, INT64_MAX);
    assert_int_equal(reader.conn.outbox.count, 1);
    settle();
    assert_holds(&reader, 11, 15);
}

static void a_room_that_rests_lets_entries_gather(void **state) {
    enum { NOW = 5000, REST = 300 };
    (void)state;
    live(&reader);
    room_find(&rooms, "a")->rest.until_us = NOW + REST;
    for (int i = 0; i < 2; i++) {
        write_entries(2);
        while (fake_deliver(&rooms)) {
        }
        assert_int_equal(room_set_deliver(&rooms, NOW + i), REST - i);
        assert_int_equal(reader.conn.outbox.count, 0);
    }
    assert_int_equal(room_set_deliver(&rooms, NOW + REST), 0);
    assert_int_equal(reader.conn.outbox.count, 1);
    settle();
    assert_holds(&reader, 11, 14);
}

static void a_burst_goes_out_in_pieces_of_bounded_size(void **state) {
    (void)state;
    live(&reader);
    write_entries(300);
    while (fake_deliver(&rooms)) {
    }
    room_set_deliver(&rooms, INT64_MAX);
    assert_true(reader.conn.outbox.count > 1);
    settle();
    assert_holds(&reader, 11, 310);
}

static void who_resumes_in_the_middle_of_a_turn_gets_all_once(void **state) {
    (void)state;
    live(&reader);
    enter(&other, 0);
    settle();
    write_entries(3);
    fake_deliver(&rooms);
    fake_deliver(&rooms);
    fake_resume(&other, 0, 8, true, at_of(8));
    fake_deliver(&rooms);
    settle();
    assert_holds(&reader, 11, 13);
    assert_holds(&other, 9, 13);
}

static void who_leaves_in_the_middle_of_a_turn_is_not_waited_for(void **state) {
    (void)state;
    live(&reader);
    live(&other);
    write_entries(2);
    fake_deliver(&rooms);
    room_leave(&other.views[0].sub);
    fake_deliver(&rooms);
    settle();
    assert_holds(&reader, 11, 12);
}

/* The storm after a restart. */
static void who_comes_back_later_finds_what_was_read_for_the_first(void **state) {
    (void)state;
    write_entries(90);
    enter(&reader, 0);
    settle();
    uint64_t asked = fake.reads_asked;
    fake_resume(&reader, 0, 60, true, at_of(60));
    settle();
    assert_int_equal(fake.reads_asked, asked + 1);
    enter(&other, 0);
    fake_resume(&other, 0, 60, true, at_of(60));
    settle();
    assert_int_equal(fake.reads_asked, asked + 1);
    assert_holds(&other, 61, 100);
}

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_sent_before_resume),
        TEST(who_changes_its_mind_before_the_end_is_known_gets_no_more_for_it),
        TEST(who_is_a_little_behind_is_served_from_memory),
        TEST(who_is_far_behind_is_served_page_by_page),
        TEST(readers_who_wait_share_their_pages),
        TEST(a_cursor_beyond_the_end_is_reset),
        TEST(a_cursor_of_another_log_is_reset),
        TEST(what_a_late_resume_finds_in_the_queue_is_still_owed_when_it_is_shed),
        TEST(who_joins_gets_everything_from_there_on),
        TEST(a_slow_reader_loses_nothing),
        TEST(a_queue_that_is_filled_by_the_last_entry_comes_to_an_end),
        TEST(passing_events_reach_those_who_have_resumed),
        TEST(what_one_turn_brings_goes_out_in_one_piece),
        TEST(a_room_that_rests_lets_entries_gather),
        TEST(a_burst_goes_out_in_pieces_of_bounded_size),
        TEST(who_resumes_in_the_middle_of_a_turn_gets_all_once),
        TEST(who_leaves_in_the_middle_of_a_turn_is_not_waited_for),
        TEST(who_comes_back_later_finds_what_was_read_for_the_first),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
