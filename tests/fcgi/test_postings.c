/*
 * postings: sets of blocks, and what is common to them.
 */
#include "suite.h"

#include "postings.h"

static void what_is_kept_is_in_all(void **state) {
    (void)state;
    struct postings postings;
    postings_fill(&postings);
    assert_int_equal(postings_at_most(&postings, 255), 255);
    postings_keep(&postings, "\x00\x05\x40\xff", 4);
    assert_int_equal(postings_at_most(&postings, 255), 255);
    postings_keep(&postings, "\x00\x40\x41", 3);
    assert_int_equal(postings_at_most(&postings, 255), 64);
    assert_int_equal(postings_at_most(&postings, 64), 64);
    assert_int_equal(postings_at_most(&postings, 63), 0);
    assert_int_equal(postings_at_most(&postings, 0), 0);
    assert_int_equal(postings_at_most(&postings, -1), -1);
    postings_keep(&postings, "\x05", 1);
    assert_int_equal(postings_at_most(&postings, 255), -1);
}

static void with_nothing_nothing_is_kept(void **state) {
    (void)state;
    struct postings postings;
    postings_fill(&postings);
    postings_keep(&postings, "", 0);
    assert_int_equal(postings_at_most(&postings, 255), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_is_in_all),
        cmocka_unit_test(with_nothing_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
