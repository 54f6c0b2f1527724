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

/* `Invalid network name: ...`, as Incus says it. */
int network_validate_name(const char *name, struct error *error);

/* Every key of the config, for the network's type: `Invalid option for network
 * "x1" option "foo"`, `Option "network" is required` for ovn. */
int network_validate(const struct network *network, struct error *error);

/* The network's own address of FAMILY on its uplink, from the network's
 * volatile.network.ipv4.address or .ipv6.address; false if it has none. */
bool network_uplink_address(const struct network *network, int family, struct ip *ret_ip);

/* The first address of the uplink's ipv4.ovn.ranges (IPv6: its ipv6.ovn.ranges,
 * else an address in the gateway's subnet made from the network's hardware
 * address) that TAKEN doesn't have. ERROR_INVALID: no free address, no range. */
int network_choose_uplink_address(const struct network *uplink, int family, const char *hwaddr,
                                  bool (*taken)(const struct ip *ip, void *data), void *data,
                                  struct ip *ret_ip, struct error *error);

/* Fills in what Incus fills in when an ovn network is made: bridge.mtu, and
 * ipv4.address, ipv6.address, ipv4.nat, ipv6.nat where absent (or "auto").
 * The randomness comes from SEED, so that it is pure. */
int network_fill_config(struct network *network, uint64_t seed, struct arena *arena,
                        struct error *error);

#endif
