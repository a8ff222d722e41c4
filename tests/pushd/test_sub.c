/*
 * sub: one connection's standing in one log, on a real connection.
 */
#include "suite.h"

#include "conn_bench.h"
#include "room.h"
#include "sub.h"

static struct bench bench;
static struct conn *conn;
static int peer;
static struct heard heard;
static struct sub sub;
static struct seat seat;
static struct room room = {.seats = &seat};
static const struct sub_place place = {"lobby", 7, 20, 2000};

static void on_request(struct conn *asker, const struct handshake *request) {
    char *answer = handshake_accept(request);
    struct frame *first = frame_text(FRAME_CONTROL, "welcome", 7);
    conn_accept(asker, &answer, first);
    frame_unref(&first);
}

static void on_dropped(struct conn *dropping, const struct frame *frame) {
    (void)dropping;
    if (frame->room == place.serial) {
        sub_rewind(&sub, frame);
    }
}

static void on_nothing(struct conn *quiet) {
    (void)quiet;
}

static const struct conn_events events = {.on_request = on_request,
                                          .on_timer = on_nothing,
                                          .on_dropped = on_dropped,
                                          .on_drained = on_nothing,
                                          .on_gone = on_nothing};

static int set_up(void **state) {
    (void)state;
    bench_init(&bench, &events);
    conn = bench_connect(&bench, &peer);
    peer_send(peer, BENCH_HEAD, strlen(BENCH_HEAD));
    bench_turn(&bench);
    heard.count = 0;
    peer_hear(peer, &heard);
    heard.count = 0;
    sub = (struct sub){.room = &room, .conn = conn, .state = SUB_HELD, .cursor = 10};
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    bench_deinit(&bench);
    close(peer);
    return 0;
}

/* --- entries, and what was heard of them --- */

static uint64_t at_of(uint64_t seq) {
    return seq * 100;
}

static struct frame *entry(uint64_t seq, size_t bytes) {
    char json[2048];
    const struct sc_event_head head = {SC_EVENT_MESSAGE, seq, seq, at_of(seq)};
    snprintf(json, sizeof json, "%d %*s", (int)seq, (int)bytes, ".");
    return frame_entry(place.serial, &head, at_of(seq - 1), json, strlen(json));
}

static enum sub_result show_large(uint64_t seq, size_t bytes) {
    struct frame *frame = entry(seq, bytes);
    enum sub_result result = sub_show(&sub, frame);
    frame_unref(&frame);
    return result;
}

static enum sub_result show(uint64_t seq) {
    return show_large(seq, 1);
}

static void rewind_by_entry(uint64_t seq) {
    struct frame *frame = entry(seq, 1);
    sub_rewind(&sub, frame);
    frame_unref(&frame);
}

static void rewind_by_mark(uint64_t seq) {
    struct frame *frame = frame_mark(place.serial, seq, at_of(seq), "{}", 2);
    sub_rewind(&sub, frame);
    frame_unref(&frame);
}

/* What the client was sent, one blank between; entries by their seq. */
static const char *said(void) {
    static char text[4096], payload[1 << 16];
    unsigned first;
    size_t bytes;
    text[0] = '\0';
    bench_turn(&bench);
    peer_hear(peer, &heard);
    while (heard_frame(&heard, &first, payload, &bytes)) {
        if (payload[0] != '{') {
            payload[strcspn(payload, " ")] = '\0';
        }
        strcat(strcat(text, text[0] != '\0' ? " " : ""), payload);
    }
    return text;
}

/* --- --- */

static void entries_are_sent_in_order_from_the_cursor_on(void **state) {
    (void)state;
    sub_resume(&sub, 10, false, 0);
    assert_int_equal(sub_needs(&sub), 11);
    assert_int_equal(show(11), SUB_TOOK);
    assert_int_equal(show(12), SUB_TOOK);
    assert_int_equal(sub_needs(&sub), 13);
    assert_string_equal(said(), "11 12");
}

static void what_it_has_had_is_not_sent_again(void **state) {
    (void)state;
    sub_resume(&sub, 10, false, 0);
    assert_int_equal(show(9), SUB_TOOK);
    assert_int_equal(show(10), SUB_TOOK);
    assert_int_equal(show(11), SUB_TOOK);
    assert_int_equal(show(11), SUB_TOOK);
    assert_string_equal(said(), "11");
}

static void a_hole_in_the_log_is_a_mismatch(void **state) {
    (void)state;
    sub_resume(&sub, 10, false, 0);
    assert_int_equal(show(12), SUB_MISMATCH);
    assert_string_equal(said(), "");
}

static void a_cursor_is_verified_by_its_at(void **state) {
    (void)state;
    sub_resume(&sub, 10, true, 1000);
    assert_int_equal(sub_needs(&sub), 10);
    assert_int_equal(show(9), SUB_TOOK);
    assert_int_equal(show(10), SUB_TOOK);
    assert_int_equal(sub_needs(&sub), 11);
    assert_int_equal(show(11), SUB_TOOK);
    assert_string_equal(said(), "11");
}

static void a_cursor_of_another_log_is_a_mismatch(void **state) {
    (void)state;
    sub_resume(&sub, 10, true, 1001);
    assert_int_equal(show(10), SUB_MISMATCH);
    sub_resume(&sub, 10, true, 1000);
    assert_int_equal(show(11), SUB_MISMATCH);
    assert_string_equal(said(), "");
}

static void an_entry_of_another_log_is_no_successor(void **state) {
    (void)state;
    sub_resume(&sub, 10, false, 1001);
    assert_int_equal(show(11), SUB_MISMATCH);
    sub_resume(&sub, 10, false, 1000);
    assert_int_equal(show(11), SUB_TOOK);
    assert_string_equal(said(), "11");
}

static void what_was_dropped_tells_what_came_before_it(void **state) {
    (void)state;
    sub_resume(&sub, 10, false, 0);
    assert_int_equal(show(11), SUB_TOOK);
    assert_int_equal(show(12), SUB_TOOK);
    rewind_by_entry(12);
    assert_int_equal(sub.cursor, 11);
    assert_int_equal(sub.at, at_of(11));
    rewind_by_mark(10);
    assert_int_equal(sub.cursor, 10);
    assert_int_equal(sub.at, at_of(10));
}

static void a_plain_cursor_needs_only_be_there(void **state) {
    (void)state;
    sub_resume(&sub, 10, true, 0);
    assert_int_equal(show(10), SUB_TOOK);
    assert_int_equal(show(11), SUB_TOOK);
    assert_string_equal(said(), "11");
}

static void from_the_beginning_there_is_nothing_to_verify(void **state) {
    (void)state;
    sub_resume(&sub, 0, true, 0);
    assert_int_equal(sub_needs(&sub), 1);
    assert_int_equal(show(1), SUB_TOOK);
    assert_string_equal(said(), "1");
}

static void a_full_connection_is_given_time(void **state) {
    (void)state;
    sub_resume(&sub, 0, false, 0);
    uint64_t seq = 1;
    while (show_large(seq, 1000) == SUB_TOOK && seq < 100) {
        seq++;
    }
    assert_true(seq < 100);
    assert_int_equal(sub_needs(&sub), seq);
    assert_true(conn->full);
    said();
    assert_false(conn->full);
    assert_int_equal(show(seq), SUB_TOOK);
}

static void the_end_of_catching_up_is_said_once(void **state) {
    (void)state;
    sub.announce = true;
    sub_resume(&sub, 20, false, 0);
    sub_go_live(&sub, &place);
    assert_int_equal(sub.state, SUB_LIVE);
    assert_string_equal(said(), "{\"type\":\"caught_up\",\"room\":\"lobby\",\"seq\":20}");
    sub_resume(&sub, 20, false, 0);
    sub_go_live(&sub, &place);
    assert_string_equal(said(), "");
}

static void what_was_dropped_comes_again(void **state) {
    (void)state;
    sub.state = SUB_LIVE;
    rewind_by_entry(15);
    assert_int_equal(sub.state, SUB_BEHIND);
    assert_int_equal(sub_needs(&sub), 15);
    rewind_by_entry(16);
    assert_int_equal(sub_needs(&sub), 15);
    rewind_by_entry(14);
    assert_int_equal(sub_needs(&sub), 14);
    assert_int_equal(show(14), SUB_TOOK);
}

static void a_mark_that_was_dropped_is_owed_again(void **state) {
    (void)state;
    sub.state = SUB_LIVE;
    rewind_by_mark(20);
    assert_int_equal(sub.state, SUB_BEHIND);
    assert_int_equal(sub_needs(&sub), 21);
    sub_go_live(&sub, &place);
    assert_string_equal(said(), "{\"type\":\"caught_up\",\"room\":\"lobby\",\"seq\":20}");
}

static void what_is_held_is_not_rewound(void **state) {
    (void)state;
    rewind_by_entry(5);
    assert_int_equal(sub.state, SUB_HELD);
    assert_int_equal(sub.cursor, 10);
}

static void what_came_before_a_resume_is_not_its_business(void **state) {
    (void)state;
    sub_resume(&sub, 10, true, 1000);
    rewind_by_entry(9);
    rewind_by_entry(10);
    assert_true(sub.check);
    assert_int_equal(sub.cursor, 10);
    sub.state = SUB_LIVE;
    rewind_by_entry(10);
    assert_int_equal(sub.state, SUB_LIVE);
    rewind_by_entry(11);
    assert_int_equal(sub_needs(&sub), 11);
}

static void who_resumes_from_before_a_reset_loses_nothing(void **state) {
    (void)state;
    sub_reset(&sub, &place);
    sub_resume(&sub, 10, false, 0);
    assert_int_equal(show(11), SUB_TOOK);
    assert_int_equal(show(12), SUB_TOOK);
    rewind_by_entry(12);
    assert_int_equal(sub_needs(&sub), 12);
}

static void a_reset_goes_on_live_from_the_end(void **state) {
    (void)state;
    sub.announce = true;
    sub_resume(&sub, 10, true, 1);
    sub_reset(&sub, &place);
    assert_int_equal(sub.state, SUB_LIVE);
    assert_false(sub.announce);
    assert_string_equal(said(), "{\"type\":\"reset\",\"room\":\"lobby\",\"seq\":20}");
    rewind_by_entry(20);
    assert_int_equal(sub.state, SUB_LIVE);
    rewind_by_entry(21);
    assert_int_equal(sub_needs(&sub), 21);
}

static void a_reset_of_what_is_held_waits_for_resume(void **state) {
    (void)state;
    sub_reset(&sub, &place);
    assert_int_equal(sub.state, SUB_HELD);
    assert_int_equal(sub.cursor, 20);
    assert_string_equal(said(), "{\"type\":\"reset\",\"room\":\"lobby\",\"seq\":20}");
}

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(entries_are_sent_in_order_from_the_cursor_on),
        TEST(what_it_has_had_is_not_sent_again),
        TEST(a_hole_in_the_log_is_a_mismatch),
        TEST(a_cursor_is_verified_by_its_at),
        TEST(a_cursor_of_another_log_is_a_mismatch),
        TEST(an_entry_of_another_log_is_no_successor),
        TEST(what_was_dropped_tells_what_came_before_it),
        TEST(a_plain_cursor_needs_only_be_there),
        TEST(from_the_beginning_there_is_nothing_to_verify),
        TEST(a_full_connection_is_given_time),
        TEST(the_end_of_catching_up_is_said_once),
        TEST(what_was_dropped_comes_again),
        TEST(a_mark_that_was_dropped_is_owed_again),
        TEST(what_is_held_is_not_rewound),
        TEST(what_came_before_a_resume_is_not_its_business),
        TEST(who_resumes_from_before_a_reset_loses_nothing),
        TEST(a_reset_goes_on_live_from_the_end),
        TEST(a_reset_of_what_is_held_waits_for_resume),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
