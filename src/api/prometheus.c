#include "api/prometheus.h"

#include <inttypes.h>
#include <stdio.h>

/* Twenty digits, the point and a NUL. */
#define SECONDS_SIZE 24

/* Backslash and line feed would end or change the line; in a label's value so
 * would the quote. */
static void append_escaped(struct buffer *out, const char *text, bool is_value)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            buffer_append_string(out, "\\n");
        } else if (*text == '\\' || (is_value && *text == '"')) {
            buffer_append_char(out, '\\');
            buffer_append_char(out, *text);
        } else {
            buffer_append_char(out, *text);
        }
    }
}

/* Exact, and the same in every locale, which "%f" is not. */
static void seconds_text(uint64_t us, char out[SECONDS_SIZE])
{
    size_t size = (size_t)snprintf(out, SECONDS_SIZE, "%" PRIu64 ".%06u", us / 1000000,
                                   (unsigned)(us % 1000000));

    while (out[size - 1] == '0') {
        size--;
    }
    if (out[size - 1] == '.') {
        size--;
    }
    out[size] = '\0';
}

/* The name and the labels of a sample, up to the blank before its value; LAST is
 * one more label, or NULL. */
static void begin_sample(struct buffer *out, const char *name, const char *suffix,
                         const struct prometheus_label *labels, size_t n_labels,
                         const struct prometheus_label *last)
{
    size_t n = n_labels + (last != NULL ? 1 : 0);

    buffer_append_string(out, name);
    buffer_append_string(out, suffix);
    for (size_t i = 0; i < n; i++) {
        const struct prometheus_label *label = i < n_labels ? &labels[i] : last;

        buffer_append_char(out, i == 0 ? '{' : ',');
        buffer_append_string(out, label->name);
        buffer_append_string(out, "=\"");
        append_escaped(out, label->value, true);
        buffer_append_char(out, '"');
    }
    buffer_append_string(out, n > 0 ? "} " : " ");
}

void prometheus_family(struct buffer *out, const char *name, enum prometheus_type type,
                       const char *help)
{
    static const char *const types[] = {
        [PROMETHEUS_COUNTER] = "counter",
        [PROMETHEUS_GAUGE] = "gauge",
        [PROMETHEUS_HISTOGRAM] = "histogram",
    };

    buffer_printf(out, "# HELP %s ", name);
    append_escaped(out, help, false);
    buffer_printf(out, "\n# TYPE %s %s\n", name, types[type]);
}

void prometheus_sample(struct buffer *out, const char *name, const struct prometheus_label *labels,
                       size_t n_labels, uint64_t value)
{
    begin_sample(out, name, "", labels, n_labels, NULL);
    buffer_printf(out, "%" PRIu64 "\n", value);
}

void prometheus_sample_us(struct buffer *out, const char *name,
                          const struct prometheus_label *labels, size_t n_labels, uint64_t value_us)
{
    char seconds[SECONDS_SIZE];

    seconds_text(value_us, seconds);
    begin_sample(out, name, "", labels, n_labels, NULL);
    buffer_printf(out, "%s\n", seconds);
}

void prometheus_single(struct buffer *out, const char *name, enum prometheus_type type,
                       const char *help, uint64_t value)
{
    prometheus_family(out, name, type, help);
    prometheus_sample(out, name, NULL, 0, value);
}

void prometheus_histogram(struct buffer *out, const char *name,
                          const struct prometheus_label *labels, size_t n_labels,
                          const uint64_t *buckets, size_t n_buckets, uint64_t total_us)
{
    char seconds[SECONDS_SIZE];
    uint64_t count = 0;

    for (size_t i = 0; i < n_buckets; i++) {
        struct prometheus_label le = {.name = "le", .value = "+Inf"};

        if (i + 1 < n_buckets) {
            seconds_text(UINT64_C(1) << i, seconds);
            le.value = seconds;
        }
        count += buckets[i];
        begin_sample(out, name, "_bucket", labels, n_labels, &le);
        buffer_printf(out, "%" PRIu64 "\n", count);
    }
    seconds_text(total_us, seconds);
    begin_sample(out, name, "_sum", labels, n_labels, NULL);
    buffer_printf(out, "%s\n", seconds);
    begin_sample(out, name, "_count", labels, n_labels, NULL);
    buffer_printf(out, "%" PRIu64 "\n", count);
}
