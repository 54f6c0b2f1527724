/* forward.h - the rules of a forward.
 *
 * In the order and with the messages of Incus' forwardValidate, without its prefix
 * ("Failed creating forward: "), which the caller adds. All errors are
 * ERROR_INVALID unless said otherwise. What holds for load balancers too is in
 * listener.h. */
#ifndef LBSTATE_LB_FORWARD_H
#define LBSTATE_LB_FORWARD_H

#include "base/arena.h"
#include "base/error.h"
#include "entity/network.h"
#include "entity/network_forward.h"
#include "lb/ip.h"

/* Trims description, protocol and the ports' target_address, makes target addresses
 * canonical, takes blanks around the commas of port lists away; NULL strings become
 * "". All of it in place: the lists that FORWARD points to are changed. The listen
 * address is left alone. ERROR_NO_MEMORY only. */
int forward_normalise(struct network_forward *forward, struct arena *arena, struct error *error);

/* `Invalid forward listen address <raw>`. */
int forward_parse_listen_address(const char *raw, struct ip *ret_ip, struct error *error);

/* Config and ports of a normalised one whose listen address is LISTEN, on NETWORK
 * (whose ipv4.address and ipv6.address bound the targets). */
int forward_validate(const struct network_forward *forward, const struct ip *listen,
                     const struct network *network, struct error *error);

bool forward_equal(const struct network_forward *a, const struct network_forward *b);

/* By listen address, numerically, IPv4 first; for qsort() over records. */
int forward_compare(const void *a, const void *b);

#endif
