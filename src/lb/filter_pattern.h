/* filter_pattern.h - the value that a string is compared with. */
#ifndef LBSTATE_LB_FILTER_PATTERN_H
#define LBSTATE_LB_FILTER_PATTERN_H

#include "base/error.h"

#include <regex.h>
#include <stdbool.h>

struct filter_pattern {
    const char *text; /* As it was given; borrowed. */
    bool is_regexp;
    regex_t regexp; /* If it is one. */
};

/* ERROR_INVALID: longer than FILTER_REGEXP_MAX. */
int filter_pattern_init(struct filter_pattern *pattern, const char *text, struct error *error);
void filter_pattern_close(struct filter_pattern *pattern);

bool filter_pattern_matches(const struct filter_pattern *pattern, const char *value);

#endif
