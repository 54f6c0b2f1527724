#include "store/lookup.h"

#include "entity/network.mapper.h"
#include "entity/project.mapper.h"
#include "lb/project.h"

#include <string.h>

int store_find_projects(struct store_tx *tx, const char *project,
                        struct store_projects *ret_projects, struct error *error)
{
    struct store_projects projects;
    int rv;

    rv = project_get_one(tx->db, project, tx->arena, &projects.requested, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed to load project \"%s\": ", project);
    }
    projects.effective = projects.requested;
    if (!project_has_networks(&projects.requested)) {
        rv = project_get_one(tx->db, PROJECT_DEFAULT, tx->arena, &projects.effective, error);
        if (rv != ERROR_NONE) {
            return error_prefix(error, "Failed to load project \"%s\": ", PROJECT_DEFAULT);
        }
    }
    *ret_projects = projects;
    return ERROR_NONE;
}

int store_find_network(struct store_tx *tx, const struct store_projects *projects,
                       const char *network, struct network *ret_network, struct error *error)
{
    struct project owner = projects->effective;
    int rv;

    if (project_shares_network(&projects->requested, network)) {
        rv = project_get_one(tx->db, PROJECT_DEFAULT, tx->arena, &owner, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    return network_get_one(tx->db, owner.id, network, tx->arena, ret_network, error);
}

int store_check_network_allowed(const struct store_projects *projects, const char *network,
                                struct error *error)
{
    if (!project_allows_network(&projects->requested, network)) {
        return error_set(error, ERROR_NOT_FOUND, "Network not found");
    }
    return ERROR_NONE;
}

int store_load_network(struct store_tx *tx, const struct store_projects *projects,
                       const char *network, struct network *ret_network, struct error *error)
{
    int rv =
        network_get_one(tx->db, projects->effective.id, network, tx->arena, ret_network, error);

    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed loading network: ");
    }
    return store_check_network_allowed(projects, network, error);
}
