/* restricted_subnet.h - an element of a project's restricted.networks.subnets:
 * "UPLINK:SUBNET", where the project's load balancers may listen. */
#ifndef LBSTATE_LB_RESTRICTED_SUBNET_H
#define LBSTATE_LB_RESTRICTED_SUBNET_H

#include "base/error.h"
#include "lb/ip.h"

#include <stdbool.h>
#include <stddef.h>

struct restricted_subnet {
    const char *uplink; /* Borrowed from the element; not ended by a NUL. */
    size_t uplink_size;
    const char *text; /* What stands after the colon; borrowed. */
    struct ip_subnet subnet;
    bool has_host_bits; /* 192.0.2.1/24 instead of 192.0.2.0/24. */
};

/* ERROR_INVALID. */
int restricted_subnet_parse(const char *element, struct restricted_subnet *ret_subnet,
                            struct error *error);

#endif
