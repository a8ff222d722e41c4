/*
 * memory: allocation either succeeds or ends the process with a line in the log.
 */
#include "suite.h"

#include <signal.h>

#include <stonechat/memory.h>

#include "child.h"

static void an_allocation_of_nothing_is_still_a_pointer(void **state) {
    (void)state;
    void *blocks[] = {sc_xmalloc(0), sc_xcalloc(0, 8), sc_xcalloc(8, 0), sc_xrealloc(NULL, 0)};
    for (size_t i = 0; i < ROWS(blocks); i++) {
        assert_non_null(blocks[i]);
        free(blocks[i]);
    }
}

static void what_is_asked_for_zeroed_is_zero(void **state) {
    (void)state;
    static const char zeros[1000];
    char *block = sc_xcalloc(10, 100);
    assert_memory_equal(block, zeros, sizeof zeros);
    free(block);
}

static void a_block_that_grows_keeps_what_it_held(void **state) {
    (void)state;
    char *text = sc_xrealloc(sc_xstrdup("stone"), 1 << 20);
    assert_string_equal(text, "stone");
    free(text);
}

static void a_copy_ends_with_nul_and_keeps_nul_within(void **state) {
    (void)state;
    char *copy = sc_xmemdup("a\0b and more", 3);
    assert_memory_equal(copy, "a\0b", 4);
    free(copy);
    copy = sc_xmemdup(NULL, 0);
    assert_string_equal(copy, "");
    free(copy);
}

static void printing_makes_room_for_all_of_it(void **state) {
    (void)state;
    char *text = sc_xasprintf("%0500d%s", 7, "!");
    assert_int_equal(strlen(text), 501);
    assert_string_equal(text + 498, "07!");
    free(text);
}

/* Out of the optimiser's sight: it would take an allocation that is not used away. */
static void *volatile kept;

static void ask_for_too_much(void *context) {
    kept = sc_xmalloc(*(size_t *)context);
}

static void ask_for_a_product_too_large(void *context) {
    kept = sc_xcalloc(*(size_t *)context, 16);
}

static void running_out_of_memory_ends_the_process_with_a_line(void **state) {
    (void)state;
    static struct child child;
    void (*const ways[])(void *) = {ask_for_too_much, ask_for_a_product_too_large};
    size_t bytes = SIZE_MAX / 4;
    for (size_t i = 0; i < ROWS(ways); i++) {
        child_run(&child, ways[i], &bytes);
        assert_int_equal(child.signal, SIGABRT);
        assert_non_null(strstr(child.err, "event=out_of_memory"));
    }
}

/* The sanitizer's allocator ends the process in its own way unless told to answer NULL. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
    return "allocator_may_return_null=1";
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_allocation_of_nothing_is_still_a_pointer),
        cmocka_unit_test(what_is_asked_for_zeroed_is_zero),
        cmocka_unit_test(a_block_that_grows_keeps_what_it_held),
        cmocka_unit_test(a_copy_ends_with_nul_and_keeps_nul_within),
        cmocka_unit_test(printing_makes_room_for_all_of_it),
        cmocka_unit_test(running_out_of_memory_ends_the_process_with_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
