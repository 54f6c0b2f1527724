/* The text format of Prometheus: what is written, and that the checker that the
 * tests trust refuses what is wrong. */
#include "api/prometheus.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/prometheus_lint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void assert_text(struct buffer *out, const char *expected)
{
    char problem[256];

    assert_non_null(buffer_string(out));
    assert_string_equal(out->data, expected);
    if (!prometheus_lint(out->data, problem, sizeof problem)) {
        fail_msg("%s", problem);
    }
    buffer_close(out);
}

static void families_have_help_and_type(void **state)
{
    static const struct prometheus_label labels[] = {{"kind", "read"}, {"outcome", "no space"}};
    struct buffer out = {0};

    (void)state;
    prometheus_family(&out, "a_total", PROMETHEUS_COUNTER, "What a\\b\nis.");
    prometheus_sample(&out, "a_total", labels, 2, UINT64_MAX);
    prometheus_sample(&out, "a_total", labels, 1, 0);
    prometheus_single(&out, "c", PROMETHEUS_GAUGE, "C.", 7);
    assert_text(&out, "# HELP a_total What a\\\\b\\nis.\n"
                      "# TYPE a_total counter\n"
                      "a_total{kind=\"read\",outcome=\"no space\"} 18446744073709551615\n"
                      "a_total{kind=\"read\"} 0\n"
                      "# HELP c C.\n"
                      "# TYPE c gauge\n"
                      "c 7\n");
}

static void label_values_are_escaped(void **state)
{
    static const struct prometheus_label labels[] = {{"x", "a\"b\\c\nd{}=, \xc3\xa4"}};
    struct buffer out = {0};

    (void)state;
    prometheus_family(&out, "a", PROMETHEUS_GAUGE, "Quotes \" stay.");
    prometheus_sample(&out, "a", labels, 1, 1);
    assert_text(&out, "# HELP a Quotes \" stay.\n"
                      "# TYPE a gauge\n"
                      "a{x=\"a\\\"b\\\\c\\nd{}=, \xc3\xa4\"} 1\n");
}

static void times_are_exact_seconds(void **state)
{
    static const struct {
        uint64_t us;
        const char *line;
    } cases[] = {
        {0, "a 0\n"},         {1, "a 0.000001\n"},
        {10, "a 0.00001\n"},  {999999, "a 0.999999\n"},
        {1000000, "a 1\n"},   {10000000, "a 10\n"},
        {1500000, "a 1.5\n"}, {UINT64_MAX, "a 18446744073709.551615\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out = {0};

        prometheus_sample_us(&out, "a", NULL, 0, cases[i].us);
        assert_string_equal(buffer_string(&out), cases[i].line);
        buffer_close(&out);
    }
}

static void histograms_are_cumulative(void **state)
{
    static const uint64_t buckets[] = {3, 0, 2, 5};
    static const struct prometheus_label labels[] = {{"s", "x"}};
    struct buffer out = {0};

    (void)state;
    prometheus_family(&out, "a_seconds", PROMETHEUS_HISTOGRAM, "A.");
    prometheus_histogram(&out, "a_seconds", labels, 1, buckets, 4, 1234567);
    prometheus_histogram(&out, "a_seconds", NULL, 0, buckets, 1, 0);
    assert_text(&out, "# HELP a_seconds A.\n"
                      "# TYPE a_seconds histogram\n"
                      "a_seconds_bucket{s=\"x\",le=\"0.000001\"} 3\n"
                      "a_seconds_bucket{s=\"x\",le=\"0.000002\"} 3\n"
                      "a_seconds_bucket{s=\"x\",le=\"0.000004\"} 5\n"
                      "a_seconds_bucket{s=\"x\",le=\"+Inf\"} 10\n"
                      "a_seconds_sum{s=\"x\"} 1.234567\n"
                      "a_seconds_count{s=\"x\"} 10\n"
                      "a_seconds_bucket{le=\"+Inf\"} 3\n"
                      "a_seconds_sum 0\n"
                      "a_seconds_count 3\n");
}

#define COUNTER   "# HELP a_total A.\n# TYPE a_total counter\n"
#define HISTOGRAM "# HELP x X.\n# TYPE x histogram\n"

static void the_checker_refuses_what_is_wrong(void **state)
{
    static const struct {
        const char *text;
        const char *problem; /* A part of it. */
    } cases[] = {
        {COUNTER "a_total 1", "doesn't end"},
        {COUNTER "a_total 1\n\n", "neither"},
        {"# a\n", "neither"},
        {"a_total 1\n", "before its TYPE"},
        {"# HELP a_total A.\na_total 1\n", "before its TYPE"},
        {"# HELP a_total A.\n", "no TYPE"},
        {"# HELP a_total \n", "says nothing"},
        {"# HELP a A\\x.\n", "escape"},
        {"# TYPE a_total counter\n", "follow"},
        {"# HELP a A.\n# TYPE c gauge\n", "follow"},
        {"# HELP a A.\n# TYPE a number\n", "unknown TYPE"},
        {"# HELP a A.\n# TYPE a counter\n", "_total"},
        {"# HELP a_total A.\n# TYPE a_total gauge\n", "_total"},
        {"# HELP a_count A.\n# TYPE a_count gauge\n", "histograms"},
        {"# HELP a_ms A.\n# TYPE a_ms gauge\n", "base unit"},
        {"# HELP a_gb_free A.\n# TYPE a_gb_free gauge\n", "base unit"},
        {"# HELP a_gauge A.\n# TYPE a_gauge gauge\n", "a type"},
        {"# HELP aB A.\n# TYPE aB gauge\n", "snake_case"},
        {"# HELP a:b A.\n# TYPE a:b gauge\n", "snake_case"},
        {COUNTER "a_total{xY=\"\"} 1\n", "snake_case"},
        {COUNTER "a_total{le=\"1\"} 1\n", "reserved"},
        {COUNTER "a_total{quantile=\"1\"} 1\n", "reserved"},
        {HISTOGRAM "x_bucket{le=\"+Inf\"} 2\nx_sum{le=\"1\"} 1\n", "reserved"},
        {COUNTER COUNTER, "comes twice"},
        {COUNTER "a_total 1\na_total 2\n", "comes twice"},
        {COUNTER "b_total 1\n", "family"},
        {COUNTER "a_total -1\n", "below 0"},
        {COUNTER "a_total\n", "blank"},
        {COUNTER "a_total  1\n", "blank"},
        {COUNTER "a_total 1x\n", "no value"},
        {COUNTER "a_total{} 1\n", "no name"},
        {COUNTER "a_total{1x=\"\"} 1\n", "no name"},
        {COUNTER "a_total{x=y} 1\n", "no value"},
        {COUNTER "a_total{x=\"y} 1\n", "doesn't end"},
        {COUNTER "a_total{x=\"\\y\"} 1\n", "escape"},
        {COUNTER "a_total{x=\"\";y=\"\"} 1\n", "comma"},
        {COUNTER "a_total{x=\"\",x=\"\"} 1\n", "label x comes twice"},
        {HISTOGRAM "x_bucket 1\n", "without le"},
        {HISTOGRAM "x_bucket{le=\"x\"} 1\n", "doesn't rise"},
        {HISTOGRAM "x_bucket{le=\"2\"} 1\nx_bucket{le=\"1\"} 1\n", "doesn't rise"},
        {HISTOGRAM "x_bucket{le=\"1\"} 2\nx_bucket{le=\"2\"} 1\n", "cumulative"},
        {HISTOGRAM "x_bucket{le=\"1\"} 2\nx_sum 1\n", "+Inf"},
        {HISTOGRAM "x_bucket{le=\"+Inf\"} 2\nx_count 2\n", "_sum"},
        {HISTOGRAM "x_bucket{le=\"+Inf\"} 2\nx_sum 1\nx_count 3\n", "+Inf is"},
        {HISTOGRAM "x_bucket{le=\"+Inf\"} 2\nx_sum 1\n", "no _count"},
        {HISTOGRAM "x_bucket{le=\"1\"} 2\nx_bucket{x=\"y\",le=\"2\"} 2\n", "no _count"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char problem[256];

        if (prometheus_lint(cases[i].text, problem, sizeof problem)) {
            fail_msg("accepted: %s", cases[i].text);
        }
        if (strstr(problem, cases[i].problem) == NULL) {
            fail_msg("%s: expected %s, got: %s", cases[i].text, cases[i].problem, problem);
        }
    }
}

static void the_checker_finds_values(void **state)
{
    static const char text[] = COUNTER "a_total{x=\"y\"} 1.5\na_total 2\n";

    (void)state;
    assert_true(prometheus_value(text, "a_total") == 2);
    assert_true(prometheus_value(text, "a_total{x=\"y\"}") == 1.5);
    assert_true(isnan(prometheus_value(text, "a")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_have_help_and_type),
        cmocka_unit_test(label_values_are_escaped),
        cmocka_unit_test(times_are_exact_seconds),
        cmocka_unit_test(histograms_are_cumulative),
        cmocka_unit_test(the_checker_refuses_what_is_wrong),
        cmocka_unit_test(the_checker_finds_values),
    };

    return cmocka_run_group_tests_name("prometheus", tests, NULL, NULL);
}
