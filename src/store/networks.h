/* networks.h - the transactions of networks. */
#ifndef LBSTATE_STORE_NETWORKS_H
#define LBSTATE_STORE_NETWORKS_H

#include "entity/network.h"
#include "lb/body.h"
#include "store/listener.h"
#include "store/store.h"

/* What uses a network or a project. */
struct store_user {
    const char *project;
    const char *network;
    const char *listen_address;    /* A listener of the network; NULL: the network itself. */
    enum store_listener_kind kind; /* Of the listener. */
};

struct store_network {
    struct network network;
    struct store_user *used_by;
    size_t n_used_by;
};

struct store_network_request {
    struct store_request base;

    /* Inputs; borrowed until DONE. */
    const char *project;
    bool all_projects;               /* List only. */
    const char *network;             /* Unused by create and list. */
    const char *target;              /* Create: the member that it is for, or NULL. */
    const struct network_body *body; /* Create, update, rename (its name). */
    const char *if_match;            /* Update: the header, or NULL. */
    bool patch;                      /* Update: keep what the body doesn't name. */
    uint64_t seed;                   /* Create: randomness for what is drawn. */

    /* Outputs, in base.arena. */
    struct store_network *networks; /* By project and name; get: one. */
    size_t n_networks;
    /* Changes: base.result is the project whose network it is. */
};

/* For store_request.run. The messages and their prefixes are Incus'. Errors
 * besides those of the store: ERROR_NOT_FOUND (project, network),
 * ERROR_INVALID, ERROR_PRECONDITION, and
 *   create  ERROR_CONFLICT (name, or its address on the uplink)
 *   rename  ERROR_CONFLICT (name), ERROR_INVALID (in use)
 *   delete  ERROR_INVALID (in use) */
int store_network_list(struct store_request *request, struct store_tx *tx, struct error *error);
int store_network_get(struct store_request *request, struct store_tx *tx, struct error *error);
/* As get; of what isn't there it says which step failed. */
int store_network_leases(struct store_request *request, struct store_tx *tx, struct error *error);
int store_network_create(struct store_request *request, struct store_tx *tx, struct error *error);
int store_network_update(struct store_request *request, struct store_tx *tx, struct error *error);
int store_network_rename(struct store_request *request, struct store_tx *tx, struct error *error);
int store_network_delete(struct store_request *request, struct store_tx *tx, struct error *error);

#endif
