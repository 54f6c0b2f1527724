/* load_balancer.h - the rules of a load balancer.
 *
 * In the order and with the messages of Incus' loadBalancerValidate, without its
 * prefix ("Failed creating load balancer: "), which the caller adds. All errors
 * are ERROR_INVALID unless said otherwise. What holds for forwards too is in
 * listener.h. */
#ifndef LBSTATE_LB_LOAD_BALANCER_H
#define LBSTATE_LB_LOAD_BALANCER_H

#include "base/arena.h"
#include "base/error.h"
#include "entity/network.h"
#include "entity/network_load_balancer.h"
#include "lb/ip.h"

#define LB_BACKENDS_MAX 1024 /* LISTENER_PORTS_MAX and others are in listener.h. */

/* Trims description, protocol and target_address, makes target addresses canonical,
 * takes blanks around the commas of port lists away, drops config keys whose empty
 * value unsets them (user.*, healthcheck; load_balancer_validate() refuses the
 * others, as Incus does); NULL strings become "". All of it in place: the lists that
 * LB points to are changed. The listen address is left alone. ERROR_NO_MEMORY only. */
int load_balancer_normalise(struct network_load_balancer *lb, struct arena *arena,
                            struct error *error);

/* `Invalid load balancer listen address <raw>`. */
int load_balancer_parse_listen_address(const char *raw, struct ip *ret_ip, struct error *error);

/* Config, backends and ports of a normalised one whose listen address is LISTEN,
 * on NETWORK (whose ipv4.address and ipv6.address bound the targets). */
int load_balancer_validate(const struct network_load_balancer *lb, const struct ip *listen,
                           const struct network *network, struct error *error);

bool load_balancer_equal(const struct network_load_balancer *a,
                         const struct network_load_balancer *b);

/* By listen address, numerically, IPv4 first; for qsort() over records. */
int load_balancer_compare(const void *a, const void *b);

#endif
