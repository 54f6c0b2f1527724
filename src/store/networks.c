#include "store/networks.h"

#include "entity/network_forward.mapper.h"
#include "entity/network_load_balancer.mapper.h"
#include "entity/network.mapper.h"
#include "entity/project.mapper.h"
#include "lb/config_key.h"
#include "lb/etag.h"
#include "lb/network.h"
#include "lb/network_state.h"
#include "lb/project.h"
#include "store/lookup.h"
#include "store/uplink.h"

#include <stdlib.h>
#include <string.h>

/* What tombstones call it. */
#define KIND "network"

static struct store_network_request *from_base(struct store_request *base)
{
    return (struct store_network_request *)base;
}

static int find_network(struct store_network_request *r, struct store_tx *tx,
                        struct store_projects *ret_projects, struct network *ret_network,
                        struct error *error)
{
    int rv = store_find_projects(tx, r->project, ret_projects, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    return store_load_network(tx, ret_projects, r->network, ret_network, error);
}

/* The networks behind an uplink. */
static int find_networks_behind(struct store_tx *tx, struct store_network *uplink,
                                struct error *error)
{
    struct network_selector selector = network_by_uplink_id(uplink->network.id);
    struct network_list behind;
    int rv;

    rv = network_get_many(tx->db, &selector, 1, tx->arena, &behind, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    uplink->used_by = arena_calloc(tx->arena, behind.n_objects, sizeof *uplink->used_by);
    if (uplink->used_by == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < behind.n_objects; i++) {
        uplink->used_by[uplink->n_used_by++] = (struct store_user){
            .project = behind.objects[i].project_name,
            .network = behind.objects[i].name,
        };
    }
    return ERROR_NONE;
}

static void add_listener(struct store_network *network, enum store_listener_kind kind,
                         const char *listen_address)
{
    network->used_by[network->n_used_by++] = (struct store_user){
        .project = network->network.project_name,
        .network = network->network.name,
        .listen_address = listen_address,
        .kind = kind,
    };
}

/* The load balancers and the forwards of a network. */
static int find_listeners(struct store_tx *tx, struct store_network *network, struct error *error)
{
    struct network_load_balancer_selector lbs_selector =
        network_load_balancer_by_network_id(network->network.id);
    struct network_forward_selector forwards_selector =
        network_forward_by_network_id(network->network.id);
    struct network_load_balancer_list lbs;
    struct network_forward_list forwards;
    int rv;

    rv = network_load_balancer_get_many(tx->db, &lbs_selector, 1, tx->arena, &lbs, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = network_forward_get_many(tx->db, &forwards_selector, 1, tx->arena, &forwards, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    network->used_by =
        arena_calloc(tx->arena, lbs.n_objects + forwards.n_objects, sizeof *network->used_by);
    if (network->used_by == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < forwards.n_objects; i++) {
        add_listener(network, STORE_LISTENER_FORWARD, forwards.objects[i].listen_address);
    }
    for (size_t i = 0; i < lbs.n_objects; i++) {
        add_listener(network, STORE_LISTENER_LOAD_BALANCER, lbs.objects[i].listen_address);
    }
    return ERROR_NONE;
}

/* Fills in what uses each of NETWORKS. */
static int find_users(struct store_tx *tx, struct store_network *networks, size_t n_networks,
                      struct error *error)
{
    int rv = ERROR_NONE;

    for (size_t i = 0; rv == ERROR_NONE && i < n_networks; i++) {
        if (networks[i].network.type != NETWORK_OVN) {
            rv = find_networks_behind(tx, &networks[i], error);
        } else {
            rv = find_listeners(tx, &networks[i], error);
        }
    }
    return rv;
}

static int compare_networks(const void *a, const void *b)
{
    const struct store_network *x = a;
    const struct store_network *y = b;
    int order = strcmp(x->network.project_name, y->network.project_name);

    return order != 0 ? order : strcmp(x->network.name, y->network.name);
}

/* RESULT becomes what the request returns. */
static int return_networks(struct store_network_request *r, struct store_tx *tx,
                           struct store_network *result, size_t n_networks, struct error *error)
{
    int rv;

    if (n_networks > 1) {
        qsort(result, n_networks, sizeof *result, compare_networks);
    }
    rv = find_users(tx, result, n_networks, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    r->networks = result;
    r->n_networks = n_networks;
    return ERROR_NONE;
}

static int return_network(struct store_network_request *r, struct store_tx *tx,
                          const struct network *network, struct error *error)
{
    struct store_network *result = arena_calloc(tx->arena, 1, sizeof *result);

    if (result == NULL) {
        return error_no_memory(error);
    }
    result->network = *network;
    return return_networks(r, tx, result, 1, error);
}

/* The networks of "default" that the requested project shares; none is in LIST if it
 * shares none. */
static int find_shared(struct store_tx *tx, const struct store_projects *projects,
                       struct network_list *list, struct error *error)
{
    const char *access =
        string_map_get_or_empty(&projects->requested.config, "restricted.networks.access");
    struct network_selector selector;
    struct project owner;
    int rv;

    *list = (struct network_list){0};
    if (access[0] == '\0' || !project_has_networks(&projects->requested)) {
        return ERROR_NONE;
    }
    rv = project_get_one(tx->db, PROJECT_DEFAULT, tx->arena, &owner, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    selector = network_by_project_id(owner.id);
    return network_get_many(tx->db, &selector, 1, tx->arena, list, error);
}

int store_network_list(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_network_request *r = from_base(request);
    struct network_list shared = {0};
    struct network_selector selector;
    struct store_projects projects;
    struct store_network *result;
    struct network_list list;
    size_t n = 0;
    int rv;

    rv = store_find_projects(tx, r->project, &projects, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    selector = network_by_project_id(projects.effective.id);
    rv = network_get_many(tx->db, &selector, r->all_projects ? 0 : 1, tx->arena, &list, error);
    if (rv == ERROR_NONE && !r->all_projects) {
        rv = find_shared(tx, &projects, &shared, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    result = arena_calloc(tx->arena, list.n_objects + shared.n_objects, sizeof *result);
    if (result == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < list.n_objects; i++) {
        if (project_allows_network(&projects.requested, list.objects[i].name)) {
            result[n++].network = list.objects[i];
        }
    }
    for (size_t i = 0; i < shared.n_objects; i++) {
        const char *name = shared.objects[i].name;

        if (project_shares_network(&projects.requested, name) &&
            project_allows_network(&projects.requested, name)) {
            result[n++].network = shared.objects[i];
        }
    }
    return return_networks(r, tx, result, n, error);
}

int store_network_get(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_network_request *r = from_base(request);
    struct store_projects projects;
    struct network network;
    int rv;

    rv = store_find_projects(tx, r->project, &projects, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_find_network(tx, &projects, r->network, &network, error);
    if (rv == ERROR_NONE) {
        rv = store_check_network_allowed(&projects, r->network, error);
    }
    return rv != ERROR_NONE ? rv : return_network(r, tx, &network, error);
}

int store_network_leases(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_network_request *r = from_base(request);
    struct store_projects projects;
    struct network network;
    int rv;

    rv = store_find_projects(tx, r->project, &projects, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_find_network(tx, &projects, r->network, &network, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed loading network: ");
    }
    rv = store_check_network_allowed(&projects, r->network, error);
    return rv != ERROR_NONE ? rv : return_network(r, tx, &network, error);
}

/* limits.networks of the project. */
static int check_limit(struct store_tx *tx, const struct project *project, struct error *error)
{
    const char *limit = string_map_get_or_empty(&project->config, "limits.networks");
    struct network_selector selector = network_by_project_id(project->id);
    struct network_list list;
    int rv;

    if (limit[0] == '\0' || strcmp(project->name, PROJECT_DEFAULT) == 0) {
        return ERROR_NONE;
    }
    rv = network_get_many(tx->db, &selector, 1, tx->arena, &list, error);
    if (rv == ERROR_NONE && list.n_objects >= strtoull(limit, NULL, 10)) {
        return error_set(error, ERROR_INVALID, "Networks limit has been reached for project");
    }
    return rv;
}

/* A name under which the project sees a network of "default" can't be another's. */
static int check_not_shared(const struct store_projects *projects, const char *name,
                            struct error *error)
{
    if (project_shares_network(&projects->requested, name)) {
        return error_set(error, ERROR_INVALID,
                         "Network name \"%s\" is reserved for a network shared from the default "
                         "project",
                         name);
    }
    return ERROR_NONE;
}

/* Whether the requested project may have a network of that name. */
static int check_name_allowed(const struct store_projects *projects, const char *name,
                              struct error *error)
{
    if (!project_allows_network(&projects->requested, name)) {
        return error_set(error, ERROR_FORBIDDEN, "Network not allowed in project");
    }
    return check_not_shared(projects, name, error);
}

static int prepare(struct store_network_request *r, struct store_tx *tx,
                   const struct store_projects *projects, struct network *network,
                   struct error *error)
{
    bool in_default = strcmp(projects->effective.name, PROJECT_DEFAULT) == 0;
    const char *type = r->body->type;
    struct network uplink;
    bool exists;
    int rv;

    rv = check_name_allowed(projects, network->name, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (type == NULL || type[0] == '\0') {
        type = in_default ? "bridge" : "ovn";
    }
    if (!network_type_parse(type, &network->type)) {
        return error_set(error, ERROR_INVALID, "Unknown driver");
    }
    if (!in_default && network->type != NETWORK_OVN) {
        return error_set(error, ERROR_INVALID,
                         "Network type does not support non-default projects");
    }
    if (r->target != NULL) {
        return network_refuse_target(network->type, &r->body->config, network->description, error);
    }
    rv = network_exists(tx->db, projects->effective.id, network->name, &exists, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (exists) {
        return error_set(error, ERROR_CONFLICT, "Network \"%s\" already exists", network->name);
    }
    rv = check_limit(tx, &projects->effective, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv =
        config_merge(&network->config, &r->body->config, false, tx->arena, &network->config, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    config_drop_empty(&network->config);
    rv = network_fill_config(network, r->seed, tx->arena, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_uplink_choose(tx, network, &projects->effective, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = network_validate(network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_uplink_find(tx, network, &projects->effective, &uplink, error);
    if (rv != ERROR_NONE || !network->uplink_id.set) {
        return rv;
    }
    rv = store_uplink_check_subnets(network, &uplink, &projects->effective, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return store_uplink_choose_addresses(tx, network, &uplink, r->seed, error);
}

int store_network_create(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_network_request *r = from_base(request);
    struct network network = {
        .name = r->body->name,
        .description = r->body->description == NULL ? "" : r->body->description,
        .state = NETWORK_CREATED,
    };
    struct store_projects projects;
    int rv;

    rv = store_find_projects(tx, r->project, &projects, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    network.project_id = projects.effective.id;
    network.project_name = projects.effective.name;
    rv = prepare(r, tx, &projects, &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_tx_revision(tx, &network.revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    request->result = projects.effective.name;
    rv = network_create(tx->db, &network, &network.id, error);
    if (rv == ERROR_CONFLICT) {
        return error_set(error, ERROR_CONFLICT, "Network \"%s\" already exists", network.name);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    return store_uplink_hold(tx, &network, error);
}

/* What CURRENT becomes when BODY is put, or patched, onto it. */
static int merge(const struct network *current, const struct network_body *body, bool patch,
                 struct arena *arena, struct network *ret_network, struct error *error)
{
    struct network network = *current;
    int rv;

    if (body->has_description) {
        network.description = body->description;
    } else if (!patch) {
        network.description = "";
    }
    rv = config_merge(&current->config, &body->config, patch, arena, &network.config, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    config_drop_empty(&network.config);
    *ret_network = network;
    return ERROR_NONE;
}

static int update(struct store_network_request *r, struct store_tx *tx,
                  const struct store_projects *projects, const struct network *current,
                  struct error *error)
{
    struct network network;
    struct network uplink;
    int rv;

    rv = merge(current, r->body, r->patch, tx->arena, &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_uplink_choose(tx, &network, &projects->effective, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = network_validate(&network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_uplink_find(tx, &network, &projects->effective, &uplink, error);
    if (rv == ERROR_NONE && network.uplink_id.set) {
        rv = store_uplink_check_subnets(&network, &uplink, &projects->effective, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (strcmp(current->description, network.description) == 0 &&
        string_map_equal(&current->config, &network.config)) {
        return ERROR_NONE;
    }
    rv = store_tx_revision(tx, &network.revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = network_update(tx->db, current->project_id, current->name, &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return store_uplink_hold(tx, &network, error);
}

int store_network_update(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_network_request *r = from_base(request);
    struct store_projects projects;
    struct network current;
    char etag[ETAG_SIZE];
    int rv;

    rv = find_network(r, tx, &projects, &current, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = etag_network(&current, etag, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = etag_check(etag, r->if_match, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    request->result = projects.effective.name;
    return update(r, tx, &projects, &current, error);
}

/* MESSAGE is for a network that is in use: Incus has two. */
static int check_unused(struct store_tx *tx, const struct network *network, const char *message,
                        struct error *error)
{
    struct store_network found = {.network = *network};
    int rv = find_users(tx, &found, 1, error);

    if (rv == ERROR_NONE && found.n_used_by > 0) {
        return error_set(error, ERROR_INVALID, "%s", message);
    }
    return rv;
}

int store_network_rename(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_network_request *r = from_base(request);
    struct store_projects projects;
    struct network network;
    struct network renamed;
    bool exists;
    int rv;

    rv = find_network(r, tx, &projects, &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = check_not_shared(&projects, r->body->name, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = check_unused(tx, &network, "Network is currently in use", error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = network_exists(tx->db, network.project_id, r->body->name, &exists, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (exists) {
        return error_set(error, ERROR_CONFLICT, "Network \"%s\" already exists", r->body->name);
    }
    renamed = network;
    renamed.name = r->body->name;
    request->result = projects.effective.name;
    rv = store_tx_revision(tx, &renamed.revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = network_update(tx->db, network.project_id, network.name, &renamed, error);
    if (rv == ERROR_CONFLICT) {
        return error_set(error, ERROR_CONFLICT, "Network \"%s\" already exists", r->body->name);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    /* To a watcher, the record under the old name is gone. */
    return store_tx_tombstone(tx, KIND, network.project_name, network.name, network.name, error);
}

int store_network_delete(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_network_request *r = from_base(request);
    struct store_projects projects;
    struct network network;
    int64_t revision;
    int rv;

    rv = find_network(r, tx, &projects, &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = check_unused(tx, &network, "The network is currently in use", error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    request->result = projects.effective.name;
    rv = store_tx_revision(tx, &revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = network_delete_by_id(tx->db, network.id, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return store_tx_tombstone(tx, KIND, network.project_name, network.name, network.name, error);
}
