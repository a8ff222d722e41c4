/*
 * sse: what becomes of each frame, and which id it bears.
 */
#include "suite.h"

#include "frame.h"
#include "sse.h"

static struct sse *sse;

static int set_up(void **state) {
    (void)state;
    sse = sse_new();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sse_free(&sse);
    return 0;
}

/* Takes a frame and lets it go. */
static void tell(struct frame *frame) {
    assert_int_equal(sse_write(sse, frame->wire, frame->bytes), frame->bytes);
    frame_unref(&frame);
}

static void tell_text(const char *json) {
    tell(frame_text(FRAME_CONTROL, json, strlen(json)));
}

static void assert_said(const char *expected) {
    char *said = strndup(sse->text, sse->bytes);
    assert_string_equal(said, expected);
    free(said);
    sse_sent(sse, sse->bytes);
    assert_null(sse->text);
}

#define ENTRY(seq, room)                                                                           \
    "{\"type\":\"message\",\"seq\":" seq ",\"n\":1,\"at\":90" seq ",\"room\":\"" room              \
    "\",\"text\":\"hi\"}"

static void an_entry_bears_the_cursors_after_it(void **state) {
    (void)state;
    cursors_set(&sse->cursors, "lobby", 6, 906);
    cursors_set(&sse->cursors, "r1", 1, 901);
    tell_text(ENTRY("7", "lobby"));
    assert_said("id: lobby.7.907,r1.1.901\ndata: " ENTRY("7", "lobby") "\n\n");
    tell_text(ENTRY("2", "r1"));
    assert_said("id: r1.2.902,lobby.7.907\ndata: " ENTRY("2", "r1") "\n\n");
}

static void what_passes_bears_none(void **state) {
    (void)state;
    cursors_set(&sse->cursors, "lobby", 6, 906);
    static const char *const passing[] = {"{\"type\":\"typing\",\"room\":\"lobby\"}",
                                          "{\"type\":\"notice\",\"data\":{}}",
                                          "{\"type\":\"read\",\"room\":\"lobby\",\"seq\":9}",
                                          "{\"type\":\"error\",\"code\":\"not_found\"}",
                                          "{\"type\":\"of a later version\"}",
                                          "{}"};
    for (size_t i = 0; i < ROWS(passing); i++) {
        char expected[100];
        snprintf(expected, sizeof expected, "data: %s\n\n", passing[i]);
        tell_text(passing[i]);
        assert_said(expected);
    }
    assert_int_equal(sse->cursors.count, 1);
}

static void what_changes_the_rooms_changes_the_id(void **state) {
    (void)state;
    tell_text("{\"type\":\"welcome\"}");
    assert_said("data: {\"type\":\"welcome\"}\n\n");
    cursors_set(&sse->cursors, "lobby", 6, 906);
    tell_text("{\"type\":\"welcome\"}");
    assert_said("id: lobby.6.906\ndata: {\"type\":\"welcome\"}\n\n");
    tell_text("{\"type\":\"joined\",\"room\":\"r1\",\"seq\":4}");
    assert_said("id: r1.3.0,lobby.6.906\ndata: "
                "{\"type\":\"joined\",\"room\":\"r1\",\"seq\":4}\n\n");
    tell_text("{\"type\":\"caught_up\",\"room\":\"lobby\",\"seq\":6}");
    assert_said("id: r1.3.0,lobby.6.906\ndata: "
                "{\"type\":\"caught_up\",\"room\":\"lobby\",\"seq\":6}\n\n");
    tell_text("{\"type\":\"reset\",\"room\":\"lobby\",\"seq\":2}");
    assert_said("id: lobby.2.0,r1.3.0\ndata: "
                "{\"type\":\"reset\",\"room\":\"lobby\",\"seq\":2}\n\n");
    cursors_set(&sse->cursors, "r1", 3, 903);
    tell_text("{\"type\":\"reset\",\"room\":\"r1\",\"seq\":3}");
    assert_said("id: r1.3.0,lobby.2.0\ndata: "
                "{\"type\":\"reset\",\"room\":\"r1\",\"seq\":3}\n\n");
    tell_text("{\"type\":\"left\",\"room\":\"lobby\"}");
    assert_said("id: r1.3.0\ndata: {\"type\":\"left\",\"room\":\"lobby\"}\n\n");
}

static void lines_of_somebody_elses_json_are_one(void **state) {
    (void)state;
    tell_text("{\"type\":\"notice\",\"data\":{\n\r\n  \"a\": 1\r}}");
    assert_said("data: {\"type\":\"notice\",\"data\":{     \"a\": 1 }}\n\n");
}

static void a_ping_is_a_comment(void **state) {
    (void)state;
    tell(frame_control(WS_PING, NULL, 0));
    assert_said(":\n\n");
}

static void a_close_is_an_event_that_says_when_to_come_back(void **state) {
    (void)state;
    tell(frame_close(4401, "session_ended"));
    assert_said("event: close\ndata: {\"code\":4401,\"reason\":\"session_ended\"}\n\n");
    tell(frame_close(1012, "{\"retry_ms\":1234}"));
    assert_said("retry: 1234\nevent: close\n"
                "data: {\"code\":1012,\"reason\":\"{\\\"retry_ms\\\":1234}\"}\n\n");
    tell(frame_control(WS_CLOSE, NULL, 0));
    assert_said("event: close\ndata: {\"code\":1000,\"reason\":\"\"}\n\n");
    tell(frame_close(1008, "a\nb"));
    assert_said("event: close\ndata: {\"code\":1008,\"reason\":\"a b\"}\n\n");
}

static void frames_in_one_piece_are_events_of_their_own(void **state) {
    (void)state;
    const struct sc_event_head heads[] = {{SC_EVENT_MESSAGE, 7, 1, 907},
                                          {SC_EVENT_MESSAGE, 8, 1, 908}};
    struct frame *entries[] = {
        frame_entry(1, &heads[0], 0, ENTRY("7", "lobby"), strlen(ENTRY("7", "lobby"))),
        frame_entry(1, &heads[1], 907, ENTRY("8", "lobby"), strlen(ENTRY("8", "lobby")))};
    tell(frame_bundle(entries, 2, FRAME_PLAIN));
    assert_said("id: lobby.7.907\ndata: " ENTRY("7", "lobby") "\n\n"
                                                              "id: lobby.8.908\ndata: " ENTRY(
                                                                  "8", "lobby") "\n\n");
    frame_unref(&entries[0]);
    frame_unref(&entries[1]);
}

/* However long a piece is: what is written beyond one write would be memory for a slow reader. */
static void no_more_is_written_than_one_write_needs(void **state) {
    (void)state;
    static char text[1 << 16];
    memset(text, 'x', sizeof text);
    struct frame *frame = frame_text(FRAME_PASSING, text, 5000);
    unsigned char wire[10 * 5004];
    for (int i = 0; i < 10; i++) {
        memcpy(wire + i * 5004, frame->wire, 5004);
    }
    assert_int_equal(sse_write(sse, wire, sizeof wire), 4 * 5004);
    assert_true(sse_is_full(sse));
    frame_unref(&frame);
    sse_sent(sse, sse->bytes);
    tell(frame_text(FRAME_PASSING, text, 1 << 16));
    assert_int_equal(sse->bytes, (1 << 16) + 8);
}

static void what_was_sent_is_let_go(void **state) {
    (void)state;
    sse_say(sse, "HTTP");
    sse_sent(sse, 3);
    assert_int_equal(sse->text[sse->sent], 'P');
    sse_sent(sse, 1);
    assert_null(sse->text);
    sse_say(sse, "again");
    assert_said("again");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_entry_bears_the_cursors_after_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_passes_bears_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_changes_the_rooms_changes_the_id, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_of_somebody_elses_json_are_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_ping_is_a_comment, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_close_is_an_event_that_says_when_to_come_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(frames_in_one_piece_are_events_of_their_own, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(no_more_is_written_than_one_write_needs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_sent_is_let_go, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
