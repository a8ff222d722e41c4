/*
 * conn_out: what is queued, shed and told of, on a socket that takes 4 kB at a time.
 */
#include "one_conn.h"

static void a_full_queue_is_shed_and_told_when_drained(void **state) {
    (void)state;
    open_conn();
    uint64_t seq = fill_up();
    for (int i = 0; i < 100; i++) {
        send_entry(++seq);
        bench_turn(&bench);
        assert_true(conn->outbox.bytes <= 4096 + 600);
    }
    assert_int_equal(risen.last_dropped, seq);
    assert_int_equal(risen.drains, 0);
    uint64_t next = 1;
    while (hear_frame()) {
        assert_int_equal(first, 0x81);
        assert_int_equal(strtoull(payload, NULL, 10), next++);
    }
    assert_int_equal(heard.count, 0);
    assert_int_equal(next, risen.first_dropped);
    assert_int_equal(risen.drains, 1);
    assert_true(conn_has_room(conn));
    send_entry(next);
    assert_true(hear_frame());
    assert_int_equal(strtoull(payload, NULL, 10), next);
}

static void what_must_arrive_does_though_the_queue_is_full(void **state) {
    (void)state;
    open_conn();
    uint64_t seq = fill_up();
    struct frame *frame = frame_text(FRAME_CONTROL, "listen", 6);
    assert_false(conn_send(conn, frame));
    frame_unref(&frame);
    send_entry(++seq);
    bool found = false;
    while (hear_frame()) {
        assert_false(found);
        found = strcmp(payload, "listen") == 0;
    }
    assert_true(found);
}

static void passing_events_are_dropped_without_a_word(void **state) {
    (void)state;
    open_conn();
    fill_up();
    unsigned drops = risen.drops;
    struct frame *frame = frame_text(FRAME_PASSING, "typing", 6);
    assert_false(conn_send(conn, frame));
    frame_unref(&frame);
    assert_int_equal(risen.drops, drops);
    while (hear_frame()) {
        assert_string_not_equal(payload, "typing");
    }
}

static void a_flood_that_must_arrive_is_hopeless(void **state) {
    (void)state;
    static char json[1024];
    open_conn();
    struct frame *frame = frame_text(FRAME_CONTROL, json, sizeof json);
    for (int i = 0; i < 100; i++) {
        conn_send(conn, frame);
        if (i % 2 == 0) {
            bench_turn(&bench);
        }
        if (risen.gone > 0) {
            break;
        }
        assert_true(conn->outbox.bytes <= 2 * 4096 + 2 * 1100);
    }
    frame_unref(&frame);
    bench_turn(&bench);
    assert_int_equal(risen.gone, 1);
    hear();
    assert_gone();
}

static void await_drain_on_an_empty_queue_is_told_too(void **state) {
    (void)state;
    open_conn();
    conn_await_drain(conn);
    assert_false(conn_has_room(conn));
    bench_turn(&bench);
    assert_int_equal(risen.drains, 1);
    assert_true(conn_has_room(conn));
}

/* It has just shown that it takes what it is sent: nobody would tell it again of what it missed. */
static void who_has_drained_has_room_whatever_waits_for_others(void **state) {
    (void)state;
    open_conn();
    fill_up();
    uint64_t others = (uint64_t)bench.settings.push_queue_total_bytes;
    metric_add(metrics->queue_bytes, others);
    while (hear_frame()) {
    }
    metric_subtract(metrics->queue_bytes, others);
    assert_int_equal(risen.drains, 1);
    assert_true(risen.had_room);
}

/* --- the lane --- */

static bool is_straight(void) {
    return lanes[conn->lane].straight;
}

static void the_lane_is_straight_while_nothing_is_under_way(void **state) {
    (void)state;
    assert_false(is_straight());
    open_conn();
    assert_true(is_straight());
    assert_int_equal(lanes[conn->lane].fd, conn->fd);
    assert_int_equal(lanes[conn->lane].form, FRAME_PLAIN);
    send_entry(1);
    assert_false(is_straight());
    hear();
    assert_true(is_straight());
    uint64_t seq = fill_up();
    assert_false(is_straight());
    while (hear_frame()) {
    }
    assert_true(is_straight());
    conn_await_drain(conn);
    assert_false(is_straight());
    hear();
    assert_true(is_straight());
    send_entry(++seq);
    conn_close(conn, SC_SESSION_ENDED, NULL);
    assert_false(is_straight());
}

static void who_is_followed_has_no_straight_lane(void **state) {
    (void)state;
    static char who[] = "eve";
    open_conn();
    char *nobody = bench.settings.log_user;
    bench.settings.log_user = who;
    conn_set_user(conn, "eve");
    assert_false(is_straight());
    conn_set_user(conn, "adam");
    assert_true(is_straight());
    bench.settings.log_user = nobody;
}

static void what_the_lane_has_left_comes_before_all_else(void **state) {
    (void)state;
    open_conn();
    const struct sc_event_head head = {SC_EVENT_MESSAGE, 1, 1, 1};
    struct frame *frame = frame_entry(1, &head, 0, "0123456789", 10);
    assert_int_equal(send(conn->fd, frame->wire, 5, 0), 5);
    conn_send_rest(conn, frame, 5);
    send_entry(2);
    assert_false(is_straight());
    assert_true(hear_frame());
    assert_string_equal(payload, "0123456789");
    assert_true(hear_frame());
    assert_int_equal(strtoull(payload, NULL, 10), 2);
    frame_unref(&frame);
}

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_full_queue_is_shed_and_told_when_drained),
        TEST(what_must_arrive_does_though_the_queue_is_full),
        TEST(passing_events_are_dropped_without_a_word),
        TEST(a_flood_that_must_arrive_is_hopeless),
        TEST(await_drain_on_an_empty_queue_is_told_too),
        TEST(who_has_drained_has_room_whatever_waits_for_others),
        TEST(the_lane_is_straight_while_nothing_is_under_way),
        TEST(who_is_followed_has_no_straight_lane),
        TEST(what_the_lane_has_left_comes_before_all_else),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
