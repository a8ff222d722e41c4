/*
 * room: what one log does with its readers, told in sentences (see test_room_model.c for the rest).
 */
#include "suite.h"

#include <stonechat/log.h>
#include <stonechat/settings.h>

#include "fake_reader.h"
#include "readers.h"

static struct room_set rooms;
static struct wheel wheel;
static struct fake_reader reader, other;
static unsigned ready, rewritten, members;
static uint64_t last_member;

static void on_ready(struct sub *sub) {
    assert_int_equal(sub->state, SUB_HELD);
    ready++;
}

static void on_rewritten(struct sub *sub) {
    (void)sub;
    rewritten++;
}

static void on_fresh(struct room *room) {
    (void)room;
}

static void on_member(struct room *room, const struct sc_event_head *head, const char *json,
                      size_t bytes) {
    (void)json;
    (void)bytes;
    assert_int_equal(room->seq, head->seq);
    last_member = head->seq;
    members++;
}

static void write_entries(uint64_t count) {
    while (count-- > 0) {
        fake_append(0);
    }
}

/* A log of ten entries, on which nobody has looked yet. */
static int set_up(void **state) {
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

static int tear_down(void **state) {
    (void)state;
    fake_leave(&reader);
    fake_leave(&other);
    fake_store_down();
    room_set_deinit(&rooms);
    return 0;
}

static void enter(struct fake_reader *who, uint64_t from) {
    who->views[0].sub = room_enter(&rooms, "a", &who->conn, from);
}

/* All that is under way arrives, and everybody reads everything. */
static void settle(void) {
    for (int i = 0; i < 20; i++) {
        assert_true(fake_settle(&rooms));
        fake_receive(&reader, 1000000);
        fake_receive(&other, 1000000);
    }
    assert_string_equal(fake_readers.fault, "");
}

static void assert_holds(const struct fake_reader *who, uint64_t first, uint64_t last) {
    const struct fake_view *view = &who->views[0];
    assert_int_equal(view->first, first);
    assert_int_equal(view->next, last + 1);
    fake_judge(who, 0);
    assert_string_equal(fake_readers.fault, "");
}

static uint64_t at_of(uint64_t seq) {
    return fake.logs[0].at[seq - 1];
}

static void live(struct fake_reader *who) {
    enter(who, 0);
    settle();
    fake_resume(who, 0, who->views[0].sub->cursor, false, 0);
    settle();
}

static void a_room_is_ready_when_it_is_subscribed_and_its_end_known(void **state) {
    (void)state;
    enter(&reader, 0);
    assert_true(fake_take_request());
    assert_false(fake.reads[0].asked);
    assert_true(fake_deliver(&rooms));
    assert_true(fake_execute(0));
    assert_int_equal(ready, 0);
    assert_true(fake_answer(0));
    assert_int_equal(ready, 1);
    assert_int_equal(reader.views[0].sub->cursor, 10);
    enter(&other, 0);
    assert_int_equal(ready, 2);
    assert_int_equal(fake.reads_asked, 1);
}

static void an_empty_log_is_known_too(void **state) {
    (void)state;
    fake_truncate(0, 0);
    live(&reader);
    assert_int_equal(ready, 1);
    write_entries(3);
    settle();
    assert_holds(&reader, 1, 3);
}

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

static void a_lost_publication_is_read_from_the_log(void **state) {
    (void)state;
    live(&reader);
    write_entries(3);
    fake_lose(0);
    fake_lose(0);
    settle();
    assert_holds(&reader, 11, 13);
}

static void a_publication_that_comes_twice_is_sent_once(void **state) {
    (void)state;
    live(&reader);
    write_entries(2);
    fake_show(&rooms, fake.pushes[0]);
    uint64_t asked = fake.reads_asked;
    settle();
    assert_holds(&reader, 11, 12);
    assert_int_equal(fake.reads_asked, asked);
}

static void a_lost_link_is_made_up_for(void **state) {
    (void)state;
    live(&reader);
    fake_feed_down(&rooms);
    write_entries(300);
    fake_feed_up(&rooms);
    settle();
    assert_holds(&reader, 11, 310);
    assert_int_equal(rewritten, 0);
}

/* A room was closed and opened anew before Redis had taken the first SUBSCRIBE. */
static void what_was_missed_between_two_subscriptions_is_read(void **state) {
    (void)state;
    live(&reader);
    fake_ask("a", false);
    fake_take_request();
    write_entries(3);
    fake_ask("a", true);
    settle();
    assert_holds(&reader, 11, 13);
}

static void a_read_from_before_the_subscription_proves_nothing(void **state) {
    (void)state;
    enter(&reader, 0);
    fake_take_request();
    fake_deliver(&rooms);
    fake_execute(0);
    fake_feed_down(&rooms);
    write_entries(1);
    fake_feed_up(&rooms);
    settle();
    assert_int_equal(reader.views[0].sub->cursor, 11);
}

static void a_read_that_fails_is_tried_again(void **state) {
    (void)state;
    enter(&reader, 0);
    fake_take_request();
    fake_deliver(&rooms);
    fake_fail(0);
    assert_false(fake.reads[0].asked);
    wheel_turn(&wheel, wheel.now + 2);
    settle();
    assert_int_equal(ready, 1);
}

static void commands_that_were_lost_are_sent_again(void **state) {
    (void)state;
    enter(&reader, 0);
    fake_take_request();
    fake_deliver(&rooms);
    fake_store_down();
    fake_store_up(&rooms);
    settle();
    assert_int_equal(ready, 1);
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

static void a_log_that_was_rewritten_resets_everybody(void **state) {
    (void)state;
    live(&reader);
    live(&other);
    fake_feed_down(&rooms);
    fake_truncate(0, 4);
    write_entries(9);
    fake_feed_up(&rooms);
    settle();
    assert_int_equal(reader.views[0].resets, 1);
    assert_int_equal(other.views[0].resets, 1);
    assert_int_equal(rewritten, 2);
    write_entries(2);
    settle();
    assert_holds(&reader, 14, 15);
}

static void a_log_that_was_emptied_behind_our_back_is_noticed(void **state) {
    (void)state;
    live(&reader);
    fake_truncate(0, 0);
    write_entries(1);
    settle();
    assert_int_equal(reader.views[0].resets, 1);
    assert_holds(&reader, 2, 1);
}

static void a_page_of_another_log_is_not_taken(void **state) {
    (void)state;
    live(&reader);
    enter(&other, 0);
    fake_truncate(0, 8);
    write_entries(6);
    fake_resume(&other, 0, 2, true, 0);
    fake_execute(0);
    fake_answer(0);
    settle();
    assert_int_equal(reader.views[0].resets, 1);
    assert_int_equal(other.views[0].resets, 1);
    assert_int_equal(rewritten, 2);
}

static void a_log_found_shorter_than_it_was_resets_everybody(void **state) {
    (void)state;
    live(&reader);
    enter(&other, 0);
    fake_truncate(0, 6);
    fake_resume(&other, 0, 2, true, 0);
    settle();
    assert_int_equal(reader.views[0].resets, 1);
    assert_int_equal(other.views[0].resets, 1);
    write_entries(2);
    settle();
    assert_holds(&reader, 7, 8);
}

static void what_was_published_while_a_read_was_under_way_is_compared(void **state) {
    (void)state;
    enter(&reader, 0);
    assert_true(fake_take_request());
    assert_true(fake_deliver(&rooms));
    assert_true(fake_execute(0));
    fake_truncate(0, 9);
    write_entries(1);
    assert_true(fake_deliver(&rooms));
    assert_true(fake_answer(0));
    settle();
    fake_resume(&reader, 0, 5, true, at_of(5));
    write_entries(1);
    settle();
    assert_holds(&reader, 6, 11);
    assert_int_equal(reader.views[0].sub->room->serial, 2);
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

static void who_joined_what_is_gone_does_not_ask_for_ever(void **state) {
    (void)state;
    live(&reader);
    fake_begin(&other, 0, 50, false);
    enter(&other, 50);
    settle();
    assert_int_equal(other.views[0].resets, 1);
    assert_int_equal(reader.views[0].resets, 0);
    write_entries(1);
    settle();
    assert_holds(&other, 11, 11);
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

static void show_member(uint64_t seq) {
    char json[128];
    struct sc_event_head head;
    int bytes = snprintf(json, sizeof json,
                         "{\"type\":\"member\",\"seq\":%" PRIu64 ",\"n\":1,\"at\":%" PRIu64
                         ",\"room\":\"a\"}",
                         seq, ++fake.clock);
    fake.logs[0].at[fake.logs[0].end++] = fake.clock;
    assert_true(sc_event_peek(json, (size_t)bytes, &head));
    room_log_on_entry(room_find(&rooms, "a"), &head, json, (size_t)bytes);
}

static void a_member_entry_is_told_once_it_is_delivered(void **state) {
    (void)state;
    live(&reader);
    show_member(11);
    assert_int_equal(members, 1);
    assert_int_equal(last_member, 11);
    settle();
    assert_holds(&reader, 11, 11);
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

static void a_room_that_nobody_reads_is_closed_after_a_while(void **state) {
    (void)state;
    live(&reader);
    room_leave(&reader.views[0].sub);
    assert_null(reader.views[0].sub);
    wheel_turn(&wheel, wheel.now + 5);
    assert_non_null(room_find(&rooms, "a"));
    wheel_turn(&wheel, wheel.now + 10);
    assert_null(room_find(&rooms, "a"));
    assert_true(fake.logs[0].subscribed);
    settle();
    assert_false(fake.logs[0].subscribed);
}

static void who_comes_back_soon_finds_the_room_open(void **state) {
    (void)state;
    live(&reader);
    room_leave(&reader.views[0].sub);
    wheel_turn(&wheel, wheel.now + 5);
    write_entries(2);
    settle();
    uint64_t asked = fake.reads_asked;
    fake_come(&reader);
    enter(&reader, 0);
    assert_int_equal(reader.views[0].sub->cursor, 12);
    wheel_turn(&wheel, wheel.now + 20);
    assert_non_null(room_find(&rooms, "a"));
    assert_int_equal(fake.reads_asked, asked);
}

static void who_leaves_while_waiting_is_forgotten(void **state) {
    (void)state;
    enter(&reader, 0);
    enter(&other, 0);
    settle();
    fake_resume(&reader, 0, 1, true, 0);
    fake_resume(&other, 0, 2, true, 0);
    fake_execute(0);
    fake_leave(&reader);
    fake_come(&reader);
    settle();
    assert_holds(&other, 3, 10);
}

/* --- delivery once a turn --- */

static void what_one_turn_brings_goes_out_in_one_piece(void **state) {
    (void)state;
    live(&reader);
    write_entries(5);
    while (fake_deliver(&rooms)) {
    }
    assert_int_equal(reader.conn.outbox.count, 0);
    room_set_deliver(&rooms);
    assert_int_equal(reader.conn.outbox.count, 1);
    settle();
    assert_holds(&reader, 11, 15);
}

static void a_burst_goes_out_in_pieces_of_bounded_size(void **state) {
    (void)state;
    live(&reader);
    write_entries(300);
    while (fake_deliver(&rooms)) {
    }
    room_set_deliver(&rooms);
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

static void a_quiet_room_forgets_what_it_has_read(void **state) {
    (void)state;
    live(&reader);
    write_entries(50);
    settle();
    for (uint32_t second = 1; second < 100; second++) {
        wheel_turn(&wheel, second);
    }
    assert_int_equal(reader.views[0].sub->room->tail.count, 1);
    write_entries(1);
    settle();
    assert_holds(&reader, 11, 61);
}

int main(void) {
    struct sc_settings settings;
    char fault[256];
    sc_settings_init(&settings);
    sc_settings_set(&settings, "log.level=error", fault, sizeof fault);
    sc_log_init(&settings, "test");
    sc_settings_deinit(&settings);
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_room_is_ready_when_it_is_subscribed_and_its_end_known),
        TEST(an_empty_log_is_known_too),
        TEST(nothing_is_sent_before_resume),
        TEST(who_changes_its_mind_before_the_end_is_known_gets_no_more_for_it),
        TEST(who_is_a_little_behind_is_served_from_memory),
        TEST(who_is_far_behind_is_served_page_by_page),
        TEST(readers_who_wait_share_their_pages),
        TEST(a_lost_publication_is_read_from_the_log),
        TEST(a_publication_that_comes_twice_is_sent_once),
        TEST(a_lost_link_is_made_up_for),
        TEST(what_was_missed_between_two_subscriptions_is_read),
        TEST(a_read_from_before_the_subscription_proves_nothing),
        TEST(a_read_that_fails_is_tried_again),
        TEST(commands_that_were_lost_are_sent_again),
        TEST(a_cursor_beyond_the_end_is_reset),
        TEST(a_cursor_of_another_log_is_reset),
        TEST(a_log_that_was_rewritten_resets_everybody),
        TEST(a_log_that_was_emptied_behind_our_back_is_noticed),
        TEST(a_page_of_another_log_is_not_taken),
        TEST(a_log_found_shorter_than_it_was_resets_everybody),
        TEST(what_was_published_while_a_read_was_under_way_is_compared),
        TEST(what_a_late_resume_finds_in_the_queue_is_still_owed_when_it_is_shed),
        TEST(who_joined_what_is_gone_does_not_ask_for_ever),
        TEST(who_joins_gets_everything_from_there_on),
        TEST(a_slow_reader_loses_nothing),
        TEST(a_queue_that_is_filled_by_the_last_entry_comes_to_an_end),
        TEST(a_member_entry_is_told_once_it_is_delivered),
        TEST(passing_events_reach_those_who_have_resumed),
        TEST(a_room_that_nobody_reads_is_closed_after_a_while),
        TEST(who_comes_back_soon_finds_the_room_open),
        TEST(who_leaves_while_waiting_is_forgotten),
        TEST(what_one_turn_brings_goes_out_in_one_piece),
        TEST(a_burst_goes_out_in_pieces_of_bounded_size),
        TEST(who_resumes_in_the_middle_of_a_turn_gets_all_once),
        TEST(who_leaves_in_the_middle_of_a_turn_is_not_waited_for),
        TEST(who_comes_back_later_finds_what_was_read_for_the_first),
        TEST(a_quiet_room_forgets_what_it_has_read),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
