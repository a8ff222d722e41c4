/*
 * histogram: how often which latency, from nanoseconds to hours, within 1.6 percent.
 *
 * As HDR histograms do: every power of two is split into 64 equal buckets. Plain memory without
 * pointers, so that processes can share one and several can be added up.
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_SPLIT = 64, HISTOGRAM_BUCKETS = 40 * HISTOGRAM_SPLIT };

struct histogram {
    uint64_t count, most;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *histogram, uint64_t value);
void histogram_merge(struct histogram *histogram, const struct histogram *other);

/* The value that `share` (0 to 1) of all values don't exceed; 0 when there are none. */
uint64_t histogram_quantile(const struct histogram *histogram, double share);

#endif
