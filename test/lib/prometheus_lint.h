/* prometheus_lint.h - a strict reader of the text format of Prometheus.
 *
 * Refuses all that the format's definition doesn't allow, and what promtool's
 * linter warns of: families that come in pieces or without HELP and TYPE, series
 * that come twice, counters that don't end in _total, histograms that aren't
 * cumulative or have no sum, count or +Inf, units that aren't base units, types in
 * names, names that aren't in snake_case, labels that are reserved. (promtool itself
 * comes only with the whole of Prometheus.) */
#ifndef LBSTATE_TEST_LIB_PROMETHEUS_LINT_H
#define LBSTATE_TEST_LIB_PROMETHEUS_LINT_H

#include <stdbool.h>

/* False if TEXT is wrong; PROBLEM is one sentence then, with the line. */
bool prometheus_lint(const char *text, char *problem, unsigned long problem_size);

/* The value of SERIES, which is all of its line before the blank:
 * name{label="value"}. NAN if there is none. */
double prometheus_value(const char *text, const char *series);

#endif
