/*
 * trail: which blocks of a room are read, in which order.
 */
#include "suite.h"

#include "trail.h"

static struct needle long_needle, short_needle;

static int set_up(void **state) {
    (void)state;
    needle_init(&long_needle, "abc", 3);
    needle_init(&short_needle, "a", 1);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    needle_deinit(&long_needle);
    needle_deinit(&short_needle);
    return 0;
}

static void without_an_index_every_block_is_read(void **state) {
    (void)state;
    struct trail trail;
    trail_begin(&trail, &long_needle, 3 * BLOCK_ENTRIES, 0, 0);
    for (int64_t block = 2; block >= 0; block--) {
        assert_int_equal(trail_next(&trail), block);
        assert_int_equal(trail_next(&trail), block);
        trail_pass(&trail);
    }
    assert_int_equal(trail_next(&trail), TRAIL_END);
}

static void where_the_index_cannot_help_it_is_not_asked(void **state) {
    (void)state;
    struct trail trail;
    trail_begin(&trail, &short_needle, 9 * BLOCK_ENTRIES + 1, 0, 8);
    for (int64_t block = 9; block >= 0; block--) {
        assert_int_equal(trail_next(&trail), block);
        trail_pass(&trail);
    }
    assert_int_equal(trail_next(&trail), TRAIL_END);
}

static void only_blocks_that_hold_every_gram_are_read(void **state) {
    (void)state;
    struct trail trail;
    int64_t first;
    trail_begin(&trail, &long_needle, 8 * BLOCK_ENTRIES + 5, 0, 8);
    assert_int_equal(trail_next(&trail), 8);
    trail_pass(&trail);
    assert_int_equal(trail_next(&trail), TRAIL_UNKNOWN);
    assert_int_equal(trail_ask(&trail, &first), 1);
    assert_int_equal(first, 0);
    trail_tell(&trail, 0, "\1\4\6", 3);
    trail_tell(&trail, 0, "\1\5\6", 3);
    assert_int_equal(trail_next(&trail), 6);
    trail_pass(&trail);
    assert_int_equal(trail_next(&trail), 1);
    trail_pass(&trail);
    assert_int_equal(trail_next(&trail), TRAIL_END);
}

static void many_segments_are_asked_for_some_at_a_time(void **state) {
    (void)state;
    struct trail trail;
    int64_t first;
    int64_t blocks = 20 * POSTINGS_BLOCKS;
    trail_begin(&trail, &long_needle, blocks * BLOCK_ENTRIES, 0, blocks);
    assert_int_equal(trail_next(&trail), TRAIL_UNKNOWN);
    assert_int_equal(trail_ask(&trail, &first), TRAIL_SEGMENTS);
    assert_int_equal(first, 4);
    for (int64_t i = 0; i < TRAIL_SEGMENTS; i++) {
        trail_tell(&trail, i, "\7", i == 3);
    }
    assert_int_equal(trail_next(&trail), 7 * POSTINGS_BLOCKS + 7);
    trail_pass(&trail);
    assert_int_equal(trail_next(&trail), TRAIL_UNKNOWN);
    assert_int_equal(trail.block, 4 * POSTINGS_BLOCKS - 1);
    assert_int_equal(trail_ask(&trail, &first), 4);
    assert_int_equal(first, 0);
    for (int64_t i = 0; i < 4; i++) {
        trail_tell(&trail, i, "", 0);
    }
    assert_int_equal(trail_next(&trail), TRAIL_END);
}

static void what_was_trimmed_is_not_read(void **state) {
    (void)state;
    struct trail trail;
    trail_begin(&trail, &short_needle, 4 * BLOCK_ENTRIES, 2 * BLOCK_ENTRIES + 1, 0);
    assert_int_equal(trail_next(&trail), 3);
    trail_pass(&trail);
    assert_int_equal(trail_next(&trail), 2);
    trail_pass(&trail);
    assert_int_equal(trail_next(&trail), TRAIL_END);
}

static void in_an_empty_room_there_is_nothing_to_read(void **state) {
    (void)state;
    struct trail trail;
    trail_begin(&trail, &long_needle, 0, 0, 0);
    assert_int_equal(trail_next(&trail), TRAIL_END);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_an_index_every_block_is_read),
        cmocka_unit_test(where_the_index_cannot_help_it_is_not_asked),
        cmocka_unit_test(only_blocks_that_hold_every_gram_are_read),
        cmocka_unit_test(many_segments_are_asked_for_some_at_a_time),
        cmocka_unit_test(what_was_trimmed_is_not_read),
        cmocka_unit_test(in_an_empty_room_there_is_nothing_to_read),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
