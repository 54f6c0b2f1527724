/* load_balancer.h - what the verbs for load balancers and for their parts share. */
#ifndef LBSTATE_CTL_LOAD_BALANCER_H
#define LBSTATE_CTL_LOAD_BALANCER_H

#include "ctl/record.h"

/* A record_path: of the load balancer that the first two words name. */
int load_balancer_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error);

#endif
