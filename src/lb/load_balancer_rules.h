/* load_balancer_rules.h - the config keys of load balancers. */
#ifndef LBSTATE_LB_LOAD_BALANCER_RULES_H
#define LBSTATE_LB_LOAD_BALANCER_RULES_H

#include "lb/config_key.h"

#include <stdbool.h>

/* NULL if there is no such key. Keys of the user have no rule. */
const struct config_rule *load_balancer_rule(const char *key);

/* Whether an empty value takes KEY away. The numbers of the health check refuse it,
 * as Incus does; they are taken away by leaving them out. */
bool load_balancer_may_unset(const char *key);

#endif
