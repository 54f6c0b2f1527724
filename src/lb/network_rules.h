/* network_rules.h - the tables of the config keys that each type of network has. */
#ifndef LBSTATE_LB_NETWORK_RULES_H
#define LBSTATE_LB_NETWORK_RULES_H

#include "entity/network.h"
#include "lb/config_key.h"

/* The keys with fixed names; the table ends with a NULL key. */
const struct config_rule *network_rules(enum network_type type);

/* The rule of a key with a name in its middle: "tunnel.NAME.id", "bgp.peers.NAME.asn".
 * NULL if the type has no such key. */
const struct config_rule *network_dynamic_rule(enum network_type type, const char *key);

#endif
