/*
 * histogram: the buckets (include/stonechat/histogram.h).
 */
#include <stonechat/histogram.h>

#include <inttypes.h>

static const int64_t bucket_us[SC_BUCKETS] = {50,     100,    250,    500,     1000,
                                              2500,   5000,   10000,  25000,   50000,
                                              100000, 250000, 500000, 1000000, 2500000};

size_t sc_histogram_bucket(int64_t us) {
    size_t bucket = 0;
    while (bucket < SC_BUCKETS && us > bucket_us[bucket]) {
        bucket++;
    }
    return bucket;
}

void sc_histogram_print(FILE *out, const char *name, const uint64_t cells[SC_HISTOGRAM_CELLS]) {
    uint64_t count = 0;
    for (size_t i = 0; i < SC_BUCKETS; i++) {
        count += cells[i];
        fprintf(out, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", name, (double)bucket_us[i] / 1e6, count);
    }
    count += cells[SC_BUCKET_BEYOND];
    fprintf(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, count);
    fprintf(out, "%s_sum %.6f\n", name, (double)cells[SC_BUCKET_SUM] / 1e6);
    fprintf(out, "%s_count %" PRIu64 "\n", name, count);
}
