/* network.h - the rules of networks. All errors are ERROR_INVALID. */
#ifndef LBSTATE_LB_NETWORK_H
#define LBSTATE_LB_NETWORK_H

#include "base/arena.h"
#include "base/error.h"
#include "entity/network.h"
#include "lb/ip.h"

#define NETWORK_NAME_MAX 15

/* "bridge", "ovn", "physical"; false for another word (`Unknown driver`). */
bool network_type_parse(const char *word, enum network_type *ret_type);
const char *network_type_name(enum network_type type);
/* "Pending", "Created", "Errored". */
const char *network_state_name(enum network_state state);

/* `Invalid network name: ...`, as Incus says it: the rules of all types. (That the
 * name of a bridge has 2 to NETWORK_NAME_MAX characters is network_validate()'s.) */
int network_validate_name(const char *name, struct error *error);

/* A bridge's name, and every key of the config for the network's type: `Invalid
 * option for network "x1" option "foo"`, `Option "network" is required` for ovn.
 * Keys with an empty value count as absent. */
int network_validate(const struct network *network, struct error *error);

/* The network's own address of FAMILY on its uplink, from the network's
 * volatile.network.ipv4.address or .ipv6.address; false if it has none. */
bool network_uplink_address(const struct network *network, int family, struct ip *ret_ip);

/* The gateway of an uplink with its prefix length: ipv4.address (of a bridge) or
 * ipv4.gateway, likewise for IPv6. False if the uplink doesn't have FAMILY: then
 * networks behind it don't get an address of it either. */
bool network_gateway_subnet(const struct network *uplink, int family, struct ip_subnet *ret_subnet);

/* The first address of the uplink's ipv4.ovn.ranges (IPv6: its ipv6.ovn.ranges,
 * else an address in the gateway's subnet made from the network's hardware
 * address) that TAKEN doesn't have. ERROR_INVALID: the uplink doesn't have FAMILY,
 * no free address, no range. */
int network_choose_uplink_address(const struct network *uplink, int family, const char *hwaddr,
                                  bool (*taken)(const struct ip *ip, void *data), void *data,
                                  struct ip *ret_ip, struct error *error);

/* Fills in what Incus fills in when an ovn network or a bridge is made: ipv4.address
 * and ipv6.address where absent or "auto", with ipv4.nat and ipv6.nat beside what it
 * filled in, and bridge.mtu of an ovn network. The randomness comes from SEED, so
 * that it is pure. */
int network_fill_config(struct network *network, uint64_t seed, struct arena *arena,
                        struct error *error);

#endif
