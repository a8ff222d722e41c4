/*
 * gram_set: grams with the blocks that hold them, and how they are written.
 */
#include "suite.h"

#include "gram_set.h"

static void add(struct gram_set *set, const char *text, unsigned block) {
    struct folded folded;
    folded_init(&folded, text, strlen(text));
    gram_set_add(set, &folded, block);
    folded_deinit(&folded);
}

/* All rows in calls of `most`; how many they are. */
static size_t write_all(const struct gram_set *set, size_t most, unsigned first, char **rows,
                        size_t *bytes) {
    FILE *out = open_memstream(rows, bytes);
    size_t count = 0, got, place = 0;
    while ((got = gram_set_write(set, &place, most, first, out)) > 0) {
        count += got;
    }
    fclose(out);
    return count;
}

static bool has_row(const char *rows, size_t bytes, const char *row, size_t row_bytes) {
    return memmem(rows, bytes, row, row_bytes) != NULL;
}

static void a_gram_is_written_once_with_all_its_blocks(void **state) {
    (void)state;
    struct gram_set set;
    char *rows;
    size_t bytes;
    gram_set_init(&set);
    add(&set, "世界世界", 0);
    add(&set, "世", 2);
    add(&set, "ab", 7);
    assert_int_equal(write_all(&set, 100, 248, &rows, &bytes), 5);
    assert_true(has_row(rows, bytes, "\3世\2\xf8\xfa", 7));
    assert_true(has_row(rows, bytes, "\6世界\1\xf8", 9));
    assert_true(has_row(rows, bytes, "\2ab\1\xff", 5));
    free(rows);
    gram_set_deinit(&set);
}

static void what_is_written_in_pieces_is_the_same(void **state) {
    (void)state;
    struct gram_set set;
    char *whole, *pieces;
    size_t whole_bytes, pieces_bytes;
    gram_set_init(&set);
    for (uint32_t i = 0; i < 3000; i++) { /* makes it grow */
        char text[8];
        snprintf(text, sizeof text, "%u", 1000 + i * 3);
        add(&set, text, i % 8);
    }
    size_t count = write_all(&set, SIZE_MAX, 0, &whole, &whole_bytes);
    assert_int_equal(count, set.count);
    assert_int_equal(write_all(&set, 7, 0, &pieces, &pieces_bytes), count);
    assert_int_equal(whole_bytes, pieces_bytes);
    assert_memory_equal(whole, pieces, whole_bytes);
    free(whole);
    free(pieces);
    gram_set_deinit(&set);
}

static void an_empty_set_writes_nothing(void **state) {
    (void)state;
    struct gram_set set;
    char *rows;
    size_t bytes;
    gram_set_init(&set);
    add(&set, "", 0);
    add(&set, "a", 0);
    assert_int_equal(write_all(&set, 10, 0, &rows, &bytes), 0);
    assert_int_equal(bytes, 0);
    free(rows);
    gram_set_deinit(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gram_is_written_once_with_all_its_blocks),
        cmocka_unit_test(what_is_written_in_pieces_is_the_same),
        cmocka_unit_test(an_empty_set_writes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
