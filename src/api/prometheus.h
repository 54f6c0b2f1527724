/* prometheus.h - the text format of Prometheus, version 0.0.4.
 *
 * Pure: it appends text and knows nothing of lbstate. A family comes first, then
 * all its samples. Durations are given in microseconds and written in seconds,
 * the unit that Prometheus wants. A lack of memory shows in the buffer. */
#ifndef LBSTATE_API_PROMETHEUS_H
#define LBSTATE_API_PROMETHEUS_H

#include "base/buffer.h"

#include <stddef.h>
#include <stdint.h>

enum prometheus_type { PROMETHEUS_COUNTER, PROMETHEUS_GAUGE, PROMETHEUS_HISTOGRAM };

struct prometheus_label {
    const char *name;  /* A letter or '_', then letters, digits and '_'. */
    const char *value; /* Any UTF-8. */
};

/* NAME as that of a label; counters end in _total. HELP is one sentence. */
void prometheus_family(struct buffer *out, const char *name, enum prometheus_type type,
                       const char *help);

/* A sample of the family NAME; LABELS may be NULL if there are none. */
void prometheus_sample(struct buffer *out, const char *name, const struct prometheus_label *labels,
                       size_t n_labels, uint64_t value);
void prometheus_sample_us(struct buffer *out, const char *name,
                          const struct prometheus_label *labels, size_t n_labels,
                          uint64_t value_us);

/* A family that has one sample without labels. */
void prometheus_single(struct buffer *out, const char *name, enum prometheus_type type,
                       const char *help, uint64_t value);

/* Bucket i of BUCKETS holds how many took less than 2^i microseconds, but not
 * less than the bound before; the last one, all that took longer. They come out
 * cumulated, as the format has it, with the count and TOTAL_US as the sum. */
void prometheus_histogram(struct buffer *out, const char *name,
                          const struct prometheus_label *labels, size_t n_labels,
                          const uint64_t *buckets, size_t n_buckets, uint64_t total_us);

#endif
