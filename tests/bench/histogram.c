/*
 * histogram: counts in buckets that grow with the value (see histogram.h).
 */
#include "histogram.h"

static unsigned bucket_of(uint64_t value) {
    if (value < HISTOGRAM_SPLIT) {
        return (unsigned)value;
    }
    unsigned power = 63 - (unsigned)__builtin_clzll(value) - 6; /* 2^6 = HISTOGRAM_SPLIT */
    unsigned bucket = power * HISTOGRAM_SPLIT + (unsigned)(value >> power);
    return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

static uint64_t highest_in(unsigned bucket) {
    unsigned power = bucket / HISTOGRAM_SPLIT;
    power -= power > 0;
    return (((uint64_t)(bucket - power * HISTOGRAM_SPLIT) + 1) << power) - 1;
}

void histogram_add(struct histogram *histogram, uint64_t value) {
    histogram->count++;
    histogram->buckets[bucket_of(value)]++;
    if (value > histogram->most) {
        histogram->most = value;
    }
}

void histogram_merge(struct histogram *histogram, const struct histogram *other) {
    histogram->count += other->count;
    histogram->most = other->most > histogram->most ? other->most : histogram->most;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        histogram->buckets[i] += other->buckets[i];
    }
}

uint64_t histogram_quantile(const struct histogram *histogram, double share) {
    uint64_t wanted = (uint64_t)((double)histogram->count * share + 0.5), seen = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (seen >= wanted && seen > 0) {
            return highest_in(i) < histogram->most ? highest_in(i) : histogram->most;
        }
    }
    return histogram->most;
}
