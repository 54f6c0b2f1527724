/* load_balancers.h - the transactions of load balancers. */
#ifndef LBSTATE_STORE_LOAD_BALANCERS_H
#define LBSTATE_STORE_LOAD_BALANCERS_H

#include "lb/body.h"
#include "store/store.h"

struct store_load_balancer_request {
    struct store_request base;

    /* Inputs; borrowed until DONE. */
    const char *project;
    const char *network;
    const char *listen_address;            /* Any spelling; unused by create and list. */
    const struct load_balancer_body *body; /* Create and update. */
    const char *if_match;                  /* Update: the header, or NULL. */
    bool patch;                            /* Update: keep what the body doesn't name. */

    /* Outputs, in base.arena. */
    struct network_load_balancer *load_balancers; /* By address; get: one. */
    size_t n_load_balancers;
    /* Changes: base.result is the project whose network it is on. */
};

/* For store_request.run. The messages and their prefixes are Incus'. Errors
 * besides those of the store:
 *   list    ERROR_NOT_FOUND (project, network), ERROR_INVALID (the network's type
 *           has no load balancers)
 *   get     as list, and ERROR_NOT_FOUND (load balancer)
 *   create  as list, ERROR_INVALID (the record, or the address isn't the uplink's),
 *           ERROR_CONFLICT (the address is taken, on any network of the uplink)
 *   update  as get, ERROR_PRECONDITION, ERROR_INVALID; without a difference it
 *           changes nothing
 *   delete  as get */
int store_load_balancer_list(struct store_request *request, struct store_tx *tx,
                             struct error *error);
int store_load_balancer_get(struct store_request *request, struct store_tx *tx,
                            struct error *error);
int store_load_balancer_create(struct store_request *request, struct store_tx *tx,
                               struct error *error);
int store_load_balancer_update(struct store_request *request, struct store_tx *tx,
                               struct error *error);
int store_load_balancer_delete(struct store_request *request, struct store_tx *tx,
                               struct error *error);

#endif
