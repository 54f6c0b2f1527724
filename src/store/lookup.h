/* lookup.h - finding the project and the network that a request names. */
#ifndef LBSTATE_STORE_LOOKUP_H
#define LBSTATE_STORE_LOOKUP_H

#include "entity/network.h"
#include "entity/project.h"
#include "store/store.h"

/* A project without features.networks uses the networks of "default". */
struct store_projects {
    struct project requested;
    struct project effective; /* Whose networks are meant. */
};

/* ERROR_NOT_FOUND: `Failed to load project "x": Project not found`. */
int store_find_projects(struct store_tx *tx, const char *project,
                        struct store_projects *ret_projects, struct error *error);

/* Among the effective project's, and those of "default" that the requested one shares.
 * ERROR_NOT_FOUND: `Network not found`. */
int store_find_network(struct store_tx *tx, const struct store_projects *projects,
                       const char *network, struct network *ret_network, struct error *error);

/* Whether the requested project may use the network. ERROR_NOT_FOUND, as if there were
 * none. */
int store_check_network_allowed(const struct store_projects *projects, const char *network,
                                struct error *error);

/* The network that a request changes, or whose load balancers it is about: among the
 * effective project's only, and allowed. ERROR_NOT_FOUND: `Failed loading network:
 * Network not found`. */
int store_load_network(struct store_tx *tx, const struct store_projects *projects,
                       const char *network, struct network *ret_network, struct error *error);

#endif
