/*
 * tail: bounded in frames and bytes, and never without the newest.
 */
#include "suite.h"

#include "tail.h"

static void push(struct tail *tail, uint64_t seq, size_t bytes) {
    char *json = calloc(1, bytes + 1);
    const struct sc_event_head head = {SC_EVENT_MESSAGE, seq, seq, seq};
    struct frame *frame = frame_entry(1, &head, 0, json, bytes);
    tail_push(tail, frame);
    frame_unref(&frame);
    free(json);
}

/* Holds `first` to `last` and nothing around them. */
static void assert_holds(struct tail *tail, uint64_t first, uint64_t last) {
    assert_null(tail_get(tail, first - 1));
    assert_null(tail_get(tail, last + 1));
    assert_null(tail_get(tail, UINT64_MAX));
    uint32_t bytes = 0;
    for (uint64_t seq = first; seq <= last; seq++) {
        assert_non_null(tail_get(tail, seq));
        assert_int_equal(tail_get(tail, seq)->head.seq, seq);
        bytes += tail_get(tail, seq)->bytes;
    }
    assert_int_equal(tail->bytes, bytes);
    assert_int_equal(tail->count, last - first + 1);
}

static void an_empty_tail_has_nothing(void **state) {
    (void)state;
    struct tail tail;
    tail_init(&tail);
    assert_null(tail_get(&tail, 0));
    assert_null(tail_get(&tail, 1));
    assert_null(tail.ring);
    tail_deinit(&tail);
}

static void the_oldest_are_forgotten_beyond_so_many(void **state) {
    (void)state;
    struct tail tail;
    tail_init(&tail);
    for (uint64_t seq = 5; seq < 500; seq++) {
        push(&tail, seq, 10);
        assert_holds(&tail, seq < 5 + TAIL_FRAMES ? 5 : seq - TAIL_FRAMES + 1, seq);
    }
    tail_deinit(&tail);
}

/* A frame of `bytes` bytes, head and all. */
enum { HEAD = 4 };

static void the_bound_in_bytes_is_crossed_by_one(void **state) {
    (void)state;
    struct tail tail;
    tail_init(&tail);
    push(&tail, 1, TAIL_BYTES / 2 - HEAD);
    push(&tail, 2, TAIL_BYTES / 2 - HEAD);
    assert_int_equal(tail.bytes, TAIL_BYTES);
    assert_holds(&tail, 1, 2);
    push(&tail, 3, 0);
    assert_holds(&tail, 2, 3);
    tail_deinit(&tail);
}

static void what_is_older_is_forgotten_when_it_must_be(void **state) {
    (void)state;
    struct tail tail;
    tail_init(&tail);
    tail_forget_older(&tail);
    for (uint64_t seq = 1; seq <= 9; seq++) {
        push(&tail, seq, 10);
    }
    tail_forget_older(&tail);
    assert_holds(&tail, 9, 9);
    push(&tail, 10, 10);
    assert_holds(&tail, 9, 10);
    tail_deinit(&tail);
}

static void the_newest_is_kept_however_large(void **state) {
    (void)state;
    struct tail tail;
    tail_init(&tail);
    push(&tail, 1, 10);
    push(&tail, 2, 10);
    push(&tail, 3, 2 * TAIL_BYTES);
    assert_holds(&tail, 3, 3);
    push(&tail, 4, 3 * TAIL_BYTES);
    assert_holds(&tail, 4, 4);
    push(&tail, 5, 10);
    assert_holds(&tail, 5, 5);
    tail_deinit(&tail);
}

static void an_emptied_tail_can_begin_anywhere(void **state) {
    (void)state;
    struct tail tail;
    tail_init(&tail);
    push(&tail, 100, 10);
    push(&tail, 101, 10);
    tail_deinit(&tail);
    assert_null(tail_get(&tail, 100));
    push(&tail, 7, 10);
    assert_holds(&tail, 7, 7);
    tail_deinit(&tail);
    tail_deinit(&tail);
}

static void it_has_references_of_its_own(void **state) {
    (void)state;
    struct tail tail;
    const struct sc_event_head head = {SC_EVENT_MESSAGE, 1, 1, 1};
    struct frame *frame = frame_entry(1, &head, 0, "{}", 2);
    tail_init(&tail);
    tail_push(&tail, frame);
    assert_int_equal(frame->refs, 2);
    tail_deinit(&tail);
    assert_int_equal(frame->refs, 1);
    frame_unref(&frame);
}

/* --- growing backwards --- */

enum { PAGE = 300 };

/* Entries `first` to `last`; the caller's references. */
static size_t page_of(struct frame **page, uint64_t first, uint64_t last) {
    for (uint64_t seq = first; seq <= last; seq++) {
        const struct sc_event_head head = {SC_EVENT_MESSAGE, seq, seq, seq};
        page[seq - first] = frame_entry(1, &head, 0, "0123456789", 10);
    }
    return (size_t)(last + 1 - first);
}

static void extend(struct tail *tail, uint64_t first, uint64_t last, uint64_t at_shift) {
    struct frame *page[PAGE];
    size_t count = page_of(page, first, last);
    page[count - 1]->head.at += at_shift;
    tail_extend(tail, page, count);
    for (size_t i = 0; i < count; i++) {
        frame_unref(&page[i]);
    }
}

static void a_page_that_reaches_the_oldest_goes_before_it(void **state) {
    (void)state;
    struct tail tail;
    tail_init(&tail);
    push(&tail, 100, 10);
    push(&tail, 101, 10);
    extend(&tail, 90, 101, 0);
    assert_holds(&tail, 90, 101);
    extend(&tail, 80, 90, 0);
    assert_holds(&tail, 80, 101);
    extend(&tail, 85, 101, 0);
    assert_holds(&tail, 80, 101);
    push(&tail, 102, 10);
    assert_holds(&tail, 80, 102);
    tail_deinit(&tail);
}

static void a_page_of_elsewhere_or_of_another_log_does_not(void **state) {
    (void)state;
    struct tail tail;
    tail_init(&tail);
    extend(&tail, 1, 10, 0);
    assert_int_equal(tail.count, 0);
    push(&tail, 100, 10);
    extend(&tail, 90, 99, 0); /* touches, but nothing tells that it is the same log */
    extend(&tail, 90, 100, 1);
    extend(&tail, 101, 110, 0);
    assert_holds(&tail, 100, 100);
    tail_deinit(&tail);
}

static void a_page_is_taken_as_far_as_there_is_room(void **state) {
    (void)state;
    struct tail tail;
    tail_init(&tail);
    push(&tail, 299, 10);
    extend(&tail, 1, 299, 0);
    assert_holds(&tail, 300 - TAIL_FRAMES, 299);
    tail_deinit(&tail);
}

static void what_nobody_uses_is_forgotten_but_for_the_newest(void **state) {
    (void)state;
    struct tail tail;
    tail_init(&tail);
    tail_age(&tail);
    for (uint64_t seq = 1; seq <= 100; seq++) {
        push(&tail, seq, 10);
    }
    tail_age(&tail);
    assert_holds(&tail, 1, 100); /* which is to use it */
    tail_age(&tail);
    assert_holds(&tail, 1, 100);
    tail_age(&tail);
    tail_age(&tail);
    assert_true(tail.capacity < 100);
    assert_holds(&tail, 100, 100);
    push(&tail, 101, 10);
    assert_holds(&tail, 100, 101);
    tail_deinit(&tail);
}

static void many_tails_hold_less_each(void **state) {
    (void)state;
    struct tail tail;
    tail_init(&tail);
    tail_share(&tail, 10 * TAIL_BYTES, 20);
    push(&tail, 1, TAIL_BYTES / 4 - HEAD);
    push(&tail, 2, TAIL_BYTES / 4 - HEAD);
    assert_holds(&tail, 1, 2);
    push(&tail, 3, 0);
    assert_holds(&tail, 2, 3);
    tail_share(&tail, TAIL_BYTES, 1000000);
    push(&tail, 4, TAIL_BYTES_LEAST - 2 * HEAD);
    assert_holds(&tail, 3, 4);
    tail_deinit(&tail);
    tail_share(&tail, SIZE_MAX, 1);
    push(&tail, 7, TAIL_BYTES / 2 - HEAD);
    push(&tail, 8, TAIL_BYTES / 2 - HEAD);
    assert_holds(&tail, 7, 8);
    tail_deinit(&tail);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_tail_has_nothing),
        cmocka_unit_test(the_oldest_are_forgotten_beyond_so_many),
        cmocka_unit_test(the_bound_in_bytes_is_crossed_by_one),
        cmocka_unit_test(what_is_older_is_forgotten_when_it_must_be),
        cmocka_unit_test(the_newest_is_kept_however_large),
        cmocka_unit_test(an_emptied_tail_can_begin_anywhere),
        cmocka_unit_test(it_has_references_of_its_own),
        cmocka_unit_test(a_page_that_reaches_the_oldest_goes_before_it),
        cmocka_unit_test(a_page_of_elsewhere_or_of_another_log_does_not),
        cmocka_unit_test(a_page_is_taken_as_far_as_there_is_room),
        cmocka_unit_test(many_tails_hold_less_each),
        cmocka_unit_test(what_nobody_uses_is_forgotten_but_for_the_newest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
