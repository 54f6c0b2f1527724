/* listener.h - what the transactions of load balancers and of forwards have in
 * common: both listen on an address that a network takes on its uplink, and no two
 * of them on one. */
#ifndef LBSTATE_STORE_LISTENER_H
#define LBSTATE_STORE_LISTENER_H

#include "entity/network.h"
#include "lb/ip.h"
#include "store/lookup.h"
#include "store/store.h"

enum store_listener_kind { STORE_LISTENER_LOAD_BALANCER, STORE_LISTENER_FORWARD };

/* One that is about to be created. */
struct store_listener {
    enum store_listener_kind kind;
    const struct network *network; /* Has an uplink. */
    struct ip ip;
    char address[IP_TEXT_SIZE]; /* Canonical. */
    bool on_own_address;        /* It is the network's own on the uplink, and nothing listens. */
};

/* The network of that name, if it can have listeners of KIND. ERROR_NOT_FOUND,
 * ERROR_INVALID: `Network driver "bridge" does not support forwards`. */
int store_listener_find_network(struct store_tx *tx, enum store_listener_kind kind,
                                const char *project, const char *network,
                                struct store_projects *ret_projects, struct network *ret_network,
                                struct error *error);

/* ERROR_INVALID: `Isolated OVN network cannot use network forwards`. */
int store_listener_check_network(enum store_listener_kind kind, const struct network *network,
                                 struct error *error);

/* The checks of a new one, of which Incus has others in between; each of the first
 * and the last says `Forward listen address "198.51.100.40/32" overlaps with another
 * network or NIC`, ERROR_CONFLICT. */

/* That it isn't another network's own address; sets on_own_address. */
int store_listener_check_own_addresses(struct store_tx *tx, struct store_listener *listener,
                                       struct error *error);

/* That project and uplink allow it. ERROR_INVALID. */
int store_listener_check_uplink(struct store_tx *tx, const struct store_listener *listener,
                                const struct store_projects *projects, struct error *error);

/* That it lies in no subnet of another network. */
int store_listener_check_subnets(struct store_tx *tx, const struct store_listener *listener,
                                 struct error *error);

/* Takes the address for the listener that was created with ID, if need be from the
 * network itself. That two listeners can't both have it is the doing of the table's
 * UNIQUE, whatever was checked before: ERROR_CONFLICT, as above. When the listener is
 * deleted the address is free, and store_uplink_take_back() is due. */
int store_listener_hold(struct store_tx *tx, const struct store_listener *listener, int64_t id,
                        struct error *error);

/* What is normalised is changed in place, and the body must stay as it is: the
 * transaction may run again, with another arena. NULL if memory is lacking. */
void *store_listener_copy_array(struct arena *arena, const void *from, size_t n, size_t size);

#endif
