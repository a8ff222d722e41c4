/*
 * histogram: which bucket a time falls into, and the text.
 */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>

#include <stonechat/histogram.h>

static void a_bucket_holds_its_own_bound(void **state) {
    (void)state;
    assert_int_equal(sc_histogram_bucket(0), 0);
    assert_int_equal(sc_histogram_bucket(50), 0);
    assert_int_equal(sc_histogram_bucket(51), 1);
    assert_int_equal(sc_histogram_bucket(2500000), SC_BUCKETS - 1);
    assert_int_equal(sc_histogram_bucket(2500001), SC_BUCKET_BEYOND);
    assert_int_equal(sc_histogram_bucket(INT64_MAX), SC_BUCKET_BEYOND);
}

static void buckets_grow_to_the_count(void **state) {
    (void)state;
    uint64_t cells[SC_HISTOGRAM_CELLS] = {
        [0] = 1, [2] = 3, [SC_BUCKET_BEYOND] = 5, [SC_BUCKET_SUM] = 1500000};
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    assert_non_null(out);
    sc_histogram_print(out, "t", cells);
    fclose(out);
    assert_non_null(strstr(text, "t_bucket{le=\"5e-05\"} 1\nt_bucket{le=\"0.0001\"} 1\n"
                                 "t_bucket{le=\"0.00025\"} 4\n"));
    assert_non_null(strstr(text, "t_bucket{le=\"2.5\"} 4\nt_bucket{le=\"+Inf\"} 9\n"
                                 "t_sum 1.500000\nt_count 9\n"));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_holds_its_own_bound),
        cmocka_unit_test(buckets_grow_to_the_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
