/*
 * room_log: what is lost, repeated, late or of another log, on links that the test plays.
 */
#include "room_bench.h"

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

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_lost_publication_is_read_from_the_log),
        TEST(a_publication_that_comes_twice_is_sent_once),
        TEST(a_lost_link_is_made_up_for),
        TEST(what_was_missed_between_two_subscriptions_is_read),
        TEST(a_read_from_before_the_subscription_proves_nothing),
        TEST(a_read_that_fails_is_tried_again),
        TEST(commands_that_were_lost_are_sent_again),
        TEST(a_log_that_was_rewritten_resets_everybody),
        TEST(a_log_that_was_emptied_behind_our_back_is_noticed),
        TEST(a_page_of_another_log_is_not_taken),
        TEST(a_log_found_shorter_than_it_was_resets_everybody),
        TEST(what_was_published_while_a_read_was_under_way_is_compared),
        TEST(who_joined_what_is_gone_does_not_ask_for_ever),
        TEST(a_member_entry_is_told_once_it_is_delivered),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
