/*
 * outbox: a queue that is written in pieces, shed and cut.
 */
#include "suite.h"

#include "outbox.h"

/* Frames of 3 to 5 bytes whose payloads are numbered by letters. */
static void push(struct outbox *outbox, enum frame_kind kind, char letter) {
    char payload[3] = {letter, letter, letter};
    struct frame *frame = frame_text(kind, payload, (size_t)(letter % 3) + 1);
    outbox_push(outbox, frame);
    frame_unref(&frame);
}

static void push_all(struct outbox *outbox, const char *letters) {
    for (const char *at = letters; *at != '\0'; at++) {
        push(outbox, *at >= 'a' ? FRAME_ENTRY : FRAME_CONTROL, *at);
    }
}

/* Appends what a socket that takes `most` bytes a write would get. */
static size_t write_some(struct outbox *outbox, char *wire, size_t have, size_t most, int pieces) {
    struct iovec vector[8];
    int count = outbox_gather(outbox, vector, pieces);
    size_t written = 0;
    for (int i = 0; i < count && written < most; i++) {
        size_t bytes = vector[i].iov_len < most - written ? vector[i].iov_len : most - written;
        memcpy(wire + have + written, vector[i].iov_base, bytes);
        written += bytes;
    }
    outbox_sent(outbox, written);
    return have + written;
}

static size_t write_all(struct outbox *outbox, char *wire, size_t most, int pieces) {
    size_t have = 0;
    while (!outbox_is_empty(outbox)) {
        uint32_t before = outbox->bytes;
        size_t now = write_some(outbox, wire, have, most, pieces);
        assert_int_equal(before - outbox->bytes, now - have);
        have = now;
    }
    assert_int_equal(outbox->bytes, 0);
    return have;
}

static void assert_empty(const struct outbox *outbox) {
    assert_true(outbox_is_empty(outbox));
    assert_null(outbox->ring);
    assert_int_equal(outbox->capacity, 0);
    assert_int_equal(outbox->bytes, 0);
    assert_int_equal(outbox->sent, 0);
}

static const char many[] = "abcDefgHijklmnopQrstuvwxyZ";

static void all_arrives_whatever_a_write_takes(void **state) {
    (void)state;
    char expected[256], got[256];
    struct outbox outbox;
    outbox_init(&outbox);
    push_all(&outbox, many);
    size_t bytes = write_all(&outbox, expected, sizeof expected, 8);
    for (size_t most = 1; most <= bytes; most++) {
        for (int pieces = 1; pieces <= 8; pieces++) {
            push_all(&outbox, many);
            assert_int_equal(outbox.bytes, bytes);
            assert_int_equal(write_all(&outbox, got, most, pieces), bytes);
            assert_memory_equal(got, expected, bytes);
            assert_empty(&outbox);
        }
    }
}

static void pushing_and_writing_may_alternate_for_ever(void **state) {
    (void)state;
    char expected[8192], got[8192];
    size_t wanted = 0, have = 0;
    struct outbox outbox;
    outbox_init(&outbox);
    for (int i = 0; i < 1000; i++) {
        char letter = (char)('a' + i % 26);
        size_t count = (size_t)(letter % 3) + 1;
        expected[wanted++] = '\x81';
        expected[wanted++] = (char)count;
        memset(expected + wanted, letter, count);
        wanted += count;
        push(&outbox, FRAME_ENTRY, letter);
        have = write_some(&outbox, got, have, (size_t)(i % 9), 4);
    }
    assert_true(outbox.capacity < 1024);
    have += write_all(&outbox, got + have, 7, 3);
    assert_int_equal(have, wanted);
    assert_memory_equal(got, expected, wanted);
    assert_empty(&outbox);
}

static void a_frame_of_no_bytes_is_sent_too(void **state) {
    (void)state;
    struct outbox outbox;
    outbox_init(&outbox);
    struct frame *frame = frame_raw("", 0);
    outbox_push(&outbox, frame);
    frame_unref(&frame);
    outbox_sent(&outbox, 0);
    assert_empty(&outbox);
}

static char dropped[64];

static void on_dropped(void *context, const struct frame *frame) {
    (void)context;
    size_t at = strlen(dropped);
    dropped[at] = (char)frame->wire[2];
    dropped[at + 1] = '\0';
}

/* Sheds after `sent` bytes; what is left must be what was kept, in order, and nothing torn. */
static void shed_after(size_t sent) {
    char wire[256];
    struct outbox outbox;
    outbox_init(&outbox);
    push_all(&outbox, many);
    size_t have = write_some(&outbox, wire, 0, sent, 1);
    have = write_some(&outbox, wire, have, sent - have, 8);
    sent = have;
    uint32_t first = outbox.sent;
    char partly = first > 0 ? (char)outbox.ring[outbox.first]->wire[2] : '\0';
    dropped[0] = '\0';
    outbox_shed(&outbox, on_dropped, NULL);
    have += write_all(&outbox, wire + have, 3, 2);
    char expected[256];
    size_t wanted = 0, before = 0, gone = 0;
    for (const char *at = many; *at != '\0'; at++) {
        size_t count = (size_t)(*at % 3) + 1;
        before += count + 2;
        if (before <= sent || *at == partly || *at < 'a') {
            expected[wanted++] = '\x81';
            expected[wanted++] = (char)count;
            memset(expected + wanted, *at, count);
            wanted += count;
        } else {
            assert_int_equal(dropped[gone++], *at);
        }
    }
    assert_int_equal(strlen(dropped), gone);
    assert_int_equal(have, wanted);
    assert_memory_equal(wire, expected, wanted);
    assert_empty(&outbox);
}

static void shedding_keeps_what_must_arrive_and_what_is_begun(void **state) {
    (void)state;
    for (size_t sent = 0; sent < 40; sent++) {
        shed_after(sent);
    }
}

static void shedding_all_leaves_no_memory(void **state) {
    (void)state;
    struct outbox outbox;
    outbox_init(&outbox);
    outbox_shed(&outbox, on_dropped, NULL);
    push_all(&outbox, "abcdefg");
    dropped[0] = '\0';
    outbox_shed(&outbox, on_dropped, NULL);
    assert_string_equal(dropped, "abcdefg");
    assert_empty(&outbox);
}

static void what_can_be_dropped_for_good_is_shed_too(void **state) {
    (void)state;
    struct outbox outbox;
    outbox_init(&outbox);
    push(&outbox, FRAME_PASSING, 'p');
    push(&outbox, FRAME_MARK, 'm');
    dropped[0] = '\0';
    outbox_shed(&outbox, on_dropped, NULL);
    assert_string_equal(dropped, "pm");
    assert_empty(&outbox);
}

static void cutting_leaves_the_answer_of_http(void **state) {
    (void)state;
    char wire[64];
    struct outbox outbox;
    outbox_init(&outbox);
    outbox_cut(&outbox);
    assert_empty(&outbox);
    struct frame *answer = frame_raw("HTTP", 4);
    outbox_push(&outbox, answer);
    frame_unref(&answer);
    push_all(&outbox, "Wab");
    outbox_cut(&outbox);
    assert_int_equal(outbox.count, 1);
    assert_int_equal(write_all(&outbox, wire, 8, 8), 4);
    assert_memory_equal(wire, "HTTP", 4);
    assert_empty(&outbox);
}

static void cutting_leaves_only_what_is_begun(void **state) {
    (void)state;
    char wire[64];
    struct outbox outbox;
    outbox_init(&outbox);
    push_all(&outbox, "aBc");
    outbox_cut(&outbox);
    assert_empty(&outbox);
    push_all(&outbox, "aBc"); /* 5, 3 and 3 bytes, heads and all, from 'a' on */
    size_t first = outbox.ring[0]->bytes;
    size_t have = write_some(&outbox, wire, 0, first + 1, 8);
    outbox_cut(&outbox);
    assert_int_equal(outbox.count, 1);
    push(&outbox, FRAME_CONTROL, 'Z');
    have += write_all(&outbox, wire + have, 1, 1);
    assert_int_equal(wire[2], 'a');
    assert_int_equal(wire[first + 2], 'B');
    assert_int_equal(wire[have - 1], 'Z');
    assert_empty(&outbox);
}

static void what_was_never_sent_is_let_go(void **state) {
    (void)state;
    struct outbox outbox;
    outbox_init(&outbox);
    push_all(&outbox, many);
    outbox_sent(&outbox, 1);
    outbox_deinit(&outbox);
    assert_empty(&outbox);
}

static void one_frame_can_be_in_many_outboxes(void **state) {
    (void)state;
    struct outbox outboxes[50];
    struct frame *frame = frame_text(FRAME_ENTRY, "x", 1);
    for (size_t i = 0; i < ROWS(outboxes); i++) {
        outbox_init(&outboxes[i]);
        outbox_push(&outboxes[i], frame);
    }
    assert_int_equal(frame->refs, 1 + ROWS(outboxes));
    for (size_t i = 0; i < ROWS(outboxes); i++) {
        outbox_sent(&outboxes[i], frame->bytes);
    }
    assert_int_equal(frame->refs, 1);
    frame_unref(&frame);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_arrives_whatever_a_write_takes),
        cmocka_unit_test(pushing_and_writing_may_alternate_for_ever),
        cmocka_unit_test(a_frame_of_no_bytes_is_sent_too),
        cmocka_unit_test(shedding_keeps_what_must_arrive_and_what_is_begun),
        cmocka_unit_test(shedding_all_leaves_no_memory),
        cmocka_unit_test(what_can_be_dropped_for_good_is_shed_too),
        cmocka_unit_test(cutting_leaves_only_what_is_begun),
        cmocka_unit_test(cutting_leaves_the_answer_of_http),
        cmocka_unit_test(what_was_never_sent_is_let_go),
        cmocka_unit_test(one_frame_can_be_in_many_outboxes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
