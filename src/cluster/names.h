/* names.h - what a member may be called, and how its address is written. */
#ifndef LBSTATE_CLUSTER_NAMES_H
#define LBSTATE_CLUSTER_NAMES_H

#include "base/error.h"
#include "node/directory.h"

/* A label of a host name, as Incus has it: 1 to 63 letters, digits and '-', not at an end, not
 * digits only. ERROR_INVALID. */
int member_name_check(const char *name, struct error *error);

/* "host", "host:port", "ip", "[ip6]:port", "ip6": with the default port where there is none. A
 * wildcard isn't an address that others can reach. ERROR_INVALID. */
int member_address_complete(const char *text, char ret_address[MEMBER_ADDRESS_MAX + 1],
                            struct error *error);

#endif
