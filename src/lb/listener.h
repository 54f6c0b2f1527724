/* listener.h - the rules that all that listens on an address of an uplink has in
 * common: load balancers and forwards.
 *
 * The messages are Incus'. All errors are ERROR_INVALID, or ERROR_NO_MEMORY. */
#ifndef LBSTATE_LB_LISTENER_H
#define LBSTATE_LB_LISTENER_H

#include "base/error.h"
#include "entity/network.h"
#include "lb/config_key.h"
#include "lb/ip.h"

#define LISTENER_PORTS_MAX       1024 /* Specifications, each of which may be of many ports. */
#define LISTENER_CONFIG_KEYS_MAX 1024

/* Whether LISTEN may be taken on UPLINK; see lb/external_subnet.h. */
int listener_check_uplink(const struct ip *listen, const struct network *uplink,
                          struct error *error);

/* Whether LISTEN lies in a project's restricted.networks.subnets, if it has any. */
int listener_check_project(const struct ip *listen, const char *uplink_name,
                           const struct string_map *project_config, struct error *error);

/* Whether CONFIG has only the user's keys and those of RULES, rightly: `Invalid
 * option "foo"`, and what the rules say. */
int listener_check_config(const struct string_map *config, const struct config_rule *rules,
                          struct error *error);

/* Where NETWORK has its targets of FAMILY; no subnet: it doesn't say. TARGETS is
 * what messages call them. */
int listener_target_subnet(const struct network *network, int family, const char *targets,
                           struct ip_subnet *ret_subnet, bool *ret_has_subnet, struct error *error);

/* The order of lists: numerically, IPv4 first. */
int listener_compare_addresses(const char *a, const char *b);

#endif
