/* network_range.h - the address ranges in a network's config. */
#ifndef LBSTATE_LB_NETWORK_RANGE_H
#define LBSTATE_LB_NETWORK_RANGE_H

#include "base/error.h"
#include "entity/network.h"
#include "lb/ip.h"

/* One element of a list of ranges, "first-last". Both must lie in SUBNET; one that
 * begins with a zero byte ("0.0.0.10") counts from the start of SUBNET. SUBNET may
 * be NULL: then anything goes. ERROR_INVALID. */
int network_range_parse(const char *text, const struct ip_subnet *subnet,
                        struct ip_range *ret_range, struct error *error);

/* Whether ipv4.ovn.ranges and ipv6.ovn.ranges of a bridge lie in its subnet, apart
 * from what its DHCP server hands out. */
int network_check_bridge_ranges(const struct network *network, struct error *error);

#endif
