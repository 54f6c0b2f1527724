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

/* Among the effective project's. ERROR_NOT_FOUND: `Network not found`. */
int store_find_network(struct store_tx *tx, const struct store_projects *projects,
                       const char *network, struct network *ret_network, struct error *error);

#endif
