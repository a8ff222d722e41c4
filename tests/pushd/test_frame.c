/*
 * frame: what goes on the wire, and who lets go of it last.
 */
#include "suite.h"

#include "deflate.h"
#include "frame.h"
#include "metrics.h"

static void assert_wire(struct frame *frame, const char *head, size_t head_bytes,
                        const char *payload, size_t bytes) {
    assert_int_equal(frame->refs, 1);
    assert_int_equal(frame->bytes, head_bytes + bytes);
    assert_memory_equal(frame->wire, head, head_bytes);
    assert_memory_equal(frame->wire + head_bytes, payload, bytes);
    frame_unref(&frame);
    assert_null(frame);
}

static void a_text_stands_ready_for_the_socket(void **state) {
    (void)state;
    char *payload = malloc(70000);
    memset(payload, 'x', 70000);
    assert_wire(frame_text(FRAME_PASSING, payload, 0), "\x81\x00", 2, payload, 0);
    assert_wire(frame_text(FRAME_PASSING, payload, 125), "\x81\x7d", 2, payload, 125);
    assert_wire(frame_text(FRAME_PASSING, payload, 126), "\x81\x7e\x00\x7e", 4, payload, 126);
    assert_wire(frame_text(FRAME_PASSING, payload, 65535), "\x81\x7e\xff\xff", 4, payload, 65535);
    assert_wire(frame_text(FRAME_PASSING, payload, 70000),
                "\x81\x7f\x00\x00\x00\x00\x00\x01\x11\x70", 10, payload, 70000);
    free(payload);
}

static void control_frames_and_answers_are_as_given(void **state) {
    (void)state;
    assert_wire(frame_control(WS_PING, NULL, 0), "\x89\x00", 2, "", 0);
    assert_wire(frame_control(WS_PONG, "a\0b", 3), "\x8a\x03", 2, "a\0b", 3);
    assert_wire(frame_raw("HTTP", 4), "", 0, "HTTP", 4);
    assert_wire(frame_raw("", 0), "", 0, "", 0);
}

static void a_close_says_its_code_and_reason(void **state) {
    (void)state;
    assert_wire(frame_close(1000, ""), "\x88\x02", 2, "\x03\xe8", 2);
    assert_wire(frame_close(4401, "session_ended"), "\x88\x0f\x11\x31", 4, "session_ended", 13);
}

static void a_closes_reason_is_never_too_long(void **state) {
    (void)state;
    char reason[300];
    memset(reason, 'r', sizeof reason - 1);
    reason[sizeof reason - 1] = '\0';
    assert_wire(frame_close(1000, reason), "\x88\x7d\x03\xe8", 4, reason, 123);
    reason[123] = '\0';
    assert_wire(frame_close(1000, reason), "\x88\x7d\x03\xe8", 4, reason, 123);
}

static void an_entry_knows_its_room_and_numbers(void **state) {
    (void)state;
    static const char json[] = "{\"type\":\"message\"}";
    const struct sc_event_head head = {SC_EVENT_MESSAGE, 12, 10, 1790000000000};
    struct frame *frame = frame_entry(7, &head, 4, json, sizeof json - 1);
    assert_int_equal(frame->kind, FRAME_ENTRY);
    assert_int_equal(frame->room, 7);
    assert_int_equal(frame->head.seq, 12);
    assert_int_equal(frame->head.at, 1790000000000);
    assert_int_equal(frame->before_at, 4);
    frame_unref(&frame);
    frame = frame_mark(7, 12, 9, json, sizeof json - 1);
    assert_int_equal(frame->kind, FRAME_MARK);
    assert_int_equal(frame->room, 7);
    assert_int_equal(frame->head.seq, 12);
    assert_int_equal(frame->head.at, 9);
    frame_unref(&frame);
}

/* The sanitizer sees to it that the last one, and only the last one, frees it. */
static void the_last_to_let_go_frees_it(void **state) {
    (void)state;
    struct frame *frame = frame_text(FRAME_PASSING, "x", 1);
    struct frame *others[100];
    for (size_t i = 0; i < ROWS(others); i++) {
        others[i] = frame_ref(frame);
        assert_ptr_equal(others[i], frame);
    }
    frame_unref(&frame);
    for (size_t i = 0; i < ROWS(others); i++) {
        assert_int_equal(others[i]->refs, ROWS(others) - i);
        assert_int_equal(others[i]->wire[2], 'x');
        frame_unref(&others[i]);
        assert_null(others[i]);
    }
    frame_unref(&frame);
}

/* --- forms --- */

static const char wordy[] =
    "{\"type\":\"message\",\"text\":\"the same words, the same words, the same "
    "words, the same words, the same words\"}";

static void a_deflated_form_is_made_once_for_all(void **state) {
    (void)state;
    const struct sc_event_head head = {SC_EVENT_MESSAGE, 12, 10, 1790000000000};
    struct frame *frame = frame_entry(7, &head, 0, wordy, sizeof wordy - 1);
    uint64_t before = *metrics->deflated_frames_total;
    assert_ptr_equal(frame_in(frame, FRAME_PLAIN), frame);
    assert_int_equal(*metrics->deflated_frames_total, before);
    struct frame *deflated = frame_in(frame, FRAME_DEFLATED);
    assert_ptr_not_equal(deflated, frame);
    assert_ptr_equal(frame_in(frame, FRAME_DEFLATED), deflated);
    assert_ptr_equal(frame_in(deflated, FRAME_DEFLATED), deflated);
    assert_int_equal(*metrics->deflated_frames_total, before + 1);
    assert_int_equal(deflated->kind, FRAME_ENTRY);
    assert_int_equal(deflated->room, 7);
    assert_int_equal(deflated->head.seq, 12);
    assert_int_equal(deflated->wire[0], 0xc1);
    assert_int_equal(deflated->wire[1], deflated->bytes - 2);
    const unsigned char *text;
    size_t bytes;
    assert_int_equal(deflate_unpack(deflated->wire + 2, deflated->bytes - 2, &text, &bytes), SC_OK);
    assert_int_equal(bytes, sizeof wordy - 1);
    assert_memory_equal(text, wordy, bytes);
    frame_unref(&frame);
}

/* A queue that holds the form holds nothing else. */
static void a_form_outlives_its_frame(void **state) {
    (void)state;
    struct frame *frame = frame_text(FRAME_PASSING, wordy, sizeof wordy - 1);
    struct frame *queued = frame_ref(frame_in(frame, FRAME_DEFLATED));
    frame_unref(&frame);
    assert_int_equal(queued->refs, 1);
    assert_int_equal(queued->wire[0], 0xc1);
    frame_unref(&queued);
}

static void assert_stays_plain(struct frame *frame) {
    assert_ptr_equal(frame_in(frame, FRAME_DEFLATED), frame);
    assert_ptr_equal(frame_in(frame, FRAME_DEFLATED), frame);
    assert_int_equal(frame->refs, 1);
    frame_unref(&frame);
}

static void what_would_not_be_smaller_stays_plain(void **state) {
    (void)state;
    assert_stays_plain(frame_text(FRAME_PASSING, "", 0));
    assert_stays_plain(frame_text(FRAME_PASSING, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 32));
    char noise[100];
    for (size_t i = 0; i < sizeof noise; i++) {
        noise[i] = (char)(i * i * 37 + i);
    }
    assert_stays_plain(frame_text(FRAME_PASSING, noise, sizeof noise));
}

static void what_is_no_text_stays_plain(void **state) {
    (void)state;
    char zeros[120] = {0};
    assert_stays_plain(frame_control(WS_PING, zeros, sizeof zeros));
    assert_stays_plain(
        frame_close(1012, "the same words, the same words, the same words, the same"));
    assert_stays_plain(frame_raw(zeros, sizeof zeros));
    assert_stays_plain(frame_raw("", 0));
}

static void what_one_connection_alone_is_told_stays_plain(void **state) {
    (void)state;
    assert_stays_plain(frame_text(FRAME_CONTROL, wordy, sizeof wordy - 1));
    assert_stays_plain(frame_mark(7, 12, 0, wordy, sizeof wordy - 1));
}

static void a_long_text_is_deflated_from_behind_its_head(void **state) {
    (void)state;
    static char text[70000];
    const unsigned char *got;
    size_t bytes, lengths[] = {64, 125, 126, 4000};
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < ROWS(lengths); i++) {
        struct frame *frame = frame_text(FRAME_PASSING, text, lengths[i]);
        struct frame *deflated = frame_in(frame, FRAME_DEFLATED);
        assert_int_equal(deflate_unpack(deflated->wire + 2, deflated->bytes - 2, &got, &bytes),
                         SC_OK);
        assert_int_equal(bytes, lengths[i]);
        frame_unref(&frame);
    }
    struct frame *frame = frame_text(FRAME_PASSING, text, sizeof text);
    assert_in_range(frame_in(frame, FRAME_DEFLATED)->bytes, 20, 500);
    frame_unref(&frame);
}

static void a_bundle_is_its_entries_in_one_piece(void **state) {
    (void)state;
    struct frame *entries[3];
    for (uint64_t i = 0; i < 3; i++) {
        const struct sc_event_head head = {SC_EVENT_MESSAGE, 12 + i, 10, 1790000000000};
        entries[i] = frame_entry(7, &head, 0, "abc", 1 + i);
    }
    struct frame *bundle = frame_bundle(entries, 3, FRAME_PLAIN);
    assert_int_equal(bundle->kind, FRAME_ENTRY);
    assert_int_equal(bundle->room, 7);
    assert_int_equal(bundle->head.seq, 12);
    assert_int_equal(bundle->count, 3);
    assert_wire(bundle, "\x81\x01", 2,
                "a\x81\x02"
                "ab\x81\x03"
                "abc",
                10);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(entries[i]->refs, 1);
        frame_unref(&entries[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_stands_ready_for_the_socket),
        cmocka_unit_test(control_frames_and_answers_are_as_given),
        cmocka_unit_test(a_close_says_its_code_and_reason),
        cmocka_unit_test(a_closes_reason_is_never_too_long),
        cmocka_unit_test(an_entry_knows_its_room_and_numbers),
        cmocka_unit_test(the_last_to_let_go_frees_it),
        cmocka_unit_test(a_deflated_form_is_made_once_for_all),
        cmocka_unit_test(a_form_outlives_its_frame),
        cmocka_unit_test(what_would_not_be_smaller_stays_plain),
        cmocka_unit_test(what_is_no_text_stays_plain),
        cmocka_unit_test(what_one_connection_alone_is_told_stays_plain),
        cmocka_unit_test(a_long_text_is_deflated_from_behind_its_head),
        cmocka_unit_test(a_bundle_is_its_entries_in_one_piece),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
