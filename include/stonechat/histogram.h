/*
 * histogram: how long things took, in the buckets that both programs show to Prometheus.
 *
 * The cells are the caller's, who decides how they are added to: one a bucket, one for what is
 * beyond the last, and the sum in microseconds.
 */
#ifndef STONECHAT_HISTOGRAM_H
#define STONECHAT_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { SC_BUCKETS = 15, SC_BUCKET_BEYOND = SC_BUCKETS, SC_BUCKET_SUM, SC_HISTOGRAM_CELLS };

/* The cell in which `us` microseconds are counted. */
size_t sc_histogram_bucket(int64_t us);

/* Its samples in Prometheus's text format 0.0.4. */
void sc_histogram_print(FILE *out, const char *name, const uint64_t cells[SC_HISTOGRAM_CELLS]);

#endif
