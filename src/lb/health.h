/* health.h - the health of a load balancer's backends, as far as it is known. */
#ifndef LBSTATE_LB_HEALTH_H
#define LBSTATE_LB_HEALTH_H

#include "base/json_writer.h"
#include "entity/network_load_balancer.h"

/* Writes {"backend_health": ...} as Incus' state of a load balancer has it: null
 * without the config key healthcheck, else for each backend its address, and
 * each target port that a listen port leads to, once. Nothing here probes a
 * backend: the status is "unknown" until a driver reports one. */
void load_balancer_health_to_json(struct json_writer *w, const struct network_load_balancer *lb);

#endif
