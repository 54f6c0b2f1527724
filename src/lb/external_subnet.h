/* external_subnet.h - what may be taken on an uplink: an address to listen on, a
 * subnet that is routed untranslated, an address for translation.
 *
 * The messages are Incus'. All errors are ERROR_INVALID, or ERROR_NO_MEMORY. */
#ifndef LBSTATE_LB_EXTERNAL_SUBNET_H
#define LBSTATE_LB_EXTERNAL_SUBNET_H

#include "base/error.h"
#include "entity/network.h"
#include "lb/ip.h"

/* One address. */
struct ip_subnet external_subnet_of_host(const struct ip *ip);

/* Whether SUBNET may be taken on UPLINK: `Uplink network doesn't contain
 * "203.0.113.9/32" in its routes`, `Requested subnet "192.0.2.1/32" would mask
 * the uplink gateway`. */
int external_subnet_check_uplink(const struct ip_subnet *subnet, const struct network *uplink,
                                 struct error *error);

/* Whether SUBNET lies in a project's restricted.networks.subnets, if it has any:
 * `Project doesn't contain "203.0.113.9/32" in its restricted uplink subnets`. */
int external_subnet_check_project(const struct ip_subnet *subnet, const char *uplink_name,
                                  const struct string_map *project_config, struct error *error);

#endif
