/* port.h - port numbers, ranges ("80", "8000-8010") and lists of them. */
#ifndef LBSTATE_LB_PORT_H
#define LBSTATE_LB_PORT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct port_range {
    uint16_t first;
    uint16_t last; /* Not below first. */
};

/* One element of a list. Messages begin as Incus': `Invalid port range "80-81-82"`,
 * `End port should be higher than start port`; a number that isn't one, and one
 * below 1 or above 65535, gets our own words with the number. ERROR_INVALID. */
int port_range_parse(const char *text, struct port_range *ret_range, struct error *error);

size_t port_range_size(const struct port_range *range);

/* How many ports the list has ("80,8000-8010": 12; "": none). After ERROR_INVALID, which
 * is port_range_parse()'s, RET_ELEMENT is the index of the wrong element; ERROR_NO_MEMORY. */
int port_list_count(const char *list, size_t *ret_n, size_t *ret_element, struct error *error);

#endif
