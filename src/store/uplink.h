/* uplink.h - what a network holds on its uplink: its own addresses, and the
 * subnets that it routes without translation. */
#ifndef LBSTATE_STORE_UPLINK_H
#define LBSTATE_STORE_UPLINK_H

#include "entity/network.h"
#include "entity/project.h"
#include "store/store.h"

/* Puts the only uplink that PROJECT allows into the config of an ovn network that names
 * none. ERROR_INVALID: there is none; of several, none is chosen. */
int store_uplink_choose(struct store_tx *tx, struct network *network, const struct project *project,
                        struct error *error);

/* The network of the default project that NETWORK's config names, as its uplink_id;
 * unset for "none", and for a type without an uplink. ERROR_INVALID: it isn't there, is
 * an ovn network, or isn't allowed in PROJECT, NETWORK's. RET_UPLINK is set if there is
 * one. */
int store_uplink_find(struct store_tx *tx, struct network *network, const struct project *project,
                      struct network *ret_uplink, struct error *error);

/* Whether UPLINK, and the restrictions of PROJECT, NETWORK's, allow the subnets that
 * the network routes untranslated and its addresses for translation. ERROR_INVALID. */
int store_uplink_check_subnets(const struct network *network, const struct network *uplink,
                               const struct project *project, struct error *error);

/* Draws the network's own addresses on the uplink where its config has none, and
 * puts them into the config. */
int store_uplink_choose_addresses(struct store_tx *tx, struct network *network,
                                  const struct network *uplink, uint64_t seed, struct error *error);

/* Makes what the network (which has its id) holds on its uplink what its config
 * says. An own address on which a listener of the network is stays held by that.
 * ERROR_CONFLICT: another network holds it. ERROR_INVALID: the uplink is another one
 * now, and there are listeners. */
int store_uplink_hold(struct store_tx *tx, const struct network *network, struct error *error);

/* After a listener of the network on ADDRESS is gone: the network holds it again, if
 * it is its own. */
int store_uplink_take_back(struct store_tx *tx, const struct network *network, const char *address,
                           struct error *error);

#endif
