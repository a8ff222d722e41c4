/*
 * tail: bounded in frames and bytes, and never without the newest.
 */
#include "suite.h"

#include "tail.h"

static void push(struct tail *tail, uint64_t seq, size_t bytes) {
    char *json = calloc(1, bytes + 1);
    const struct sc_event_head head = {SC_EVENT_MESSAGE, seq, seq, seq};
    struct frame *frame = frame_entry(1, &head, json, bytes);
    tail_push(tail, frame);
    frame_unref(&frame);
    free(json);
}

/* Holds `first` to `last` and nothing around them. */
static void assert_holds(const struct tail *tail, uint64_t first, uint64_t last) {
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
    struct frame *frame = frame_entry(1, &head, "{}", 2);
    tail_init(&tail);
    tail_push(&tail, frame);
    assert_int_equal(frame->refs, 2);
    tail_deinit(&tail);
    assert_int_equal(frame->refs, 1);
    frame_unref(&frame);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_tail_has_nothing),
        cmocka_unit_test(the_oldest_are_forgotten_beyond_so_many),
        cmocka_unit_test(the_bound_in_bytes_is_crossed_by_one),
        cmocka_unit_test(the_newest_is_kept_however_large),
        cmocka_unit_test(an_emptied_tail_can_begin_anywhere),
        cmocka_unit_test(it_has_references_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
