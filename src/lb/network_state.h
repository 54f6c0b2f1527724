/* network_state.h - what Incus tells about a running network, as far as the record
 * knows it: nothing here looks at the host, or at OVN. */
#ifndef LBSTATE_LB_NETWORK_STATE_H
#define LBSTATE_LB_NETWORK_STATE_H

#include "base/error.h"
#include "base/json_writer.h"
#include "entity/network.h"

/* Whether the state of a network of this type is known: that of others is the state of
 * an interface of the host. ERROR_NOT_FOUND: `Network interface "eth0" not found`. */
int network_state_check(const struct network *network, struct error *error);

/* The state of an ovn network. Its router, switch and chassis are OVN's, and "". */
void network_state_to_json(struct json_writer *w, const struct network *network);

/* Whether networks of this type have leases. ERROR_INVALID: `Not implemented`. */
int network_leases_check(const struct network *network, struct error *error);

/* The addresses that NETWORK itself has: its gateways. Without instances there are
 * no others. */
void network_leases_to_json(struct json_writer *w, const struct network *network);

/* A key that has a value of its own on each member of a cluster; NULL after the last. */
extern const char *const network_member_keys[];

/* A network can't be made for one member where there are no others: what is wrong with
 * asking for it. ERROR_INVALID: the type, CONFIG or DESCRIPTION can't be a member's own;
 * else ERROR_NOT_FOUND. */
int network_refuse_target(enum network_type type, const struct string_map *config,
                          const char *description, struct error *error);

#endif
