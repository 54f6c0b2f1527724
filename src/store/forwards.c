#include "store/forwards.h"

#include "entity/network_forward.mapper.h"
#include "lb/config_key.h"
#include "lb/etag.h"
#include "lb/forward.h"
#include "store/listener.h"
#include "store/uplink.h"

#include <stdlib.h>

/* What tombstones call it. */
#define KIND "network-forward"

static struct store_forward_request *from_base(struct store_request *base)
{
    return (struct store_forward_request *)base;
}

/* The record behind any spelling of its address. */
static int find_forward(struct store_forward_request *r, struct store_tx *tx,
                        const struct network *network, struct network_forward *ret_forward,
                        struct error *error)
{
    char address[IP_TEXT_SIZE];
    struct ip ip;

    if (!ip_parse(r->listen_address, &ip)) {
        return error_set(error, ERROR_NOT_FOUND, "Network forward not found");
    }
    ip_format(&ip, address);
    return network_forward_get_one(tx->db, network->id, address, tx->arena, ret_forward, error);
}

int store_forward_list(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_forward_request *r = from_base(request);
    struct network_forward_selector selector;
    struct network_forward_list list;
    struct store_projects projects;
    struct network network;
    int rv;

    rv = store_listener_find_network(tx, STORE_LISTENER_FORWARD, r->project, r->network, &projects,
                                     &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    selector = network_forward_by_network_id(network.id);
    rv = network_forward_get_many(tx->db, &selector, 1, tx->arena, &list, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed loading network forwards: ");
    }
    if (list.n_objects > 1) {
        qsort(list.objects, list.n_objects, sizeof list.objects[0], forward_compare);
    }
    r->forwards = list.objects;
    r->n_forwards = list.n_objects;
    return ERROR_NONE;
}

int store_forward_get(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_forward_request *r = from_base(request);
    struct store_projects projects;
    struct network_forward *forward;
    struct network network;
    int rv;

    rv = store_listener_find_network(tx, STORE_LISTENER_FORWARD, r->project, r->network, &projects,
                                     &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    forward = arena_calloc(tx->arena, 1, sizeof *forward);
    if (forward == NULL) {
        return error_no_memory(error);
    }
    rv = find_forward(r, tx, &network, forward, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    r->forwards = forward;
    r->n_forwards = 1;
    return ERROR_NONE;
}

/* Puts the ports of BODY into FORWARD. */
static int copy_ports(const struct forward_body *body, struct arena *arena,
                      struct network_forward *forward, struct error *error)
{
    forward->n_ports = body->forward.n_ports;
    forward->ports = store_listener_copy_array(arena, body->forward.ports, forward->n_ports,
                                               sizeof *forward->ports);
    return forward->ports == NULL ? error_no_memory(error) : ERROR_NONE;
}

/* The record that BODY describes, normalised. */
static int copy_body(const struct forward_body *body, struct arena *arena,
                     struct network_forward *ret_forward, struct error *error)
{
    struct network_forward forward = body->forward;
    int rv;

    if (!string_map_copy(&forward.config, arena, &body->forward.config)) {
        return error_no_memory(error);
    }
    rv = copy_ports(body, arena, &forward, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    *ret_forward = forward;
    return forward_normalise(ret_forward, arena, error);
}

static int already_exists(struct error *error)
{
    return error_set(error, ERROR_CONFLICT, "A forward for that listen address already exists");
}

/* The checks stand in Incus' order, because the first one that fails is what
 * the client is told. */
static int create(struct store_forward_request *r, struct store_tx *tx,
                  const struct store_projects *projects, const struct network *network,
                  struct error *error)
{
    struct store_listener listener = {.kind = STORE_LISTENER_FORWARD, .network = network};
    struct network_forward forward;
    bool exists;
    int64_t id;
    int rv;

    rv = store_listener_check_network(listener.kind, network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = copy_body(r->body, tx->arena, &forward, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = forward_parse_listen_address(forward.listen_address, &listener.ip, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    ip_format(&listener.ip, listener.address);
    forward.listen_address = listener.address;
    forward.network_id = network->id;
    rv = network_forward_exists(tx->db, network->id, listener.address, &exists, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (exists) {
        return already_exists(error);
    }
    rv = store_listener_check_own_addresses(tx, &listener, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = forward_validate(&forward, &listener.ip, network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_listener_check_uplink(tx, &listener, projects, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_listener_check_subnets(tx, &listener, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    config_drop_empty(&forward.config);
    rv = store_tx_revision(tx, &forward.revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = network_forward_create(tx->db, &forward, &id, error);
    if (rv == ERROR_CONFLICT) {
        return already_exists(error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    return store_listener_hold(tx, &listener, id, error);
}

int store_forward_create(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_forward_request *r = from_base(request);
    struct store_projects projects;
    struct network network;
    int rv;

    rv = store_listener_find_network(tx, STORE_LISTENER_FORWARD, r->project, r->network, &projects,
                                     &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    request->result = projects.effective.name;
    rv = create(r, tx, &projects, &network, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed creating forward: ");
    }
    return ERROR_NONE;
}

/* What CURRENT becomes when BODY is put, or patched, onto it; normalised. */
static int merge(const struct network_forward *current, const struct forward_body *body, bool patch,
                 struct arena *arena, struct network_forward *ret_forward, struct error *error)
{
    struct network_forward forward = *current;
    int rv;

    if (!patch || body->has_description) {
        forward.description = body->forward.description;
    }
    if (!patch || body->has_ports) {
        rv = copy_ports(body, arena, &forward, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    rv =
        config_merge(&current->config, &body->forward.config, patch, arena, &forward.config, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    *ret_forward = forward;
    return forward_normalise(ret_forward, arena, error);
}

/* CURRENT is as it was read. */
static int update(struct store_forward_request *r, struct store_tx *tx,
                  const struct network *network, const struct network_forward *current,
                  struct error *error)
{
    struct network_forward forward;
    struct ip listen;
    int rv;

    rv = forward_parse_listen_address(current->listen_address, &listen, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = merge(current, r->body, r->patch, tx->arena, &forward, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = forward_validate(&forward, &listen, network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    config_drop_empty(&forward.config);
    if (forward_equal(current, &forward)) {
        return ERROR_NONE;
    }
    rv = store_tx_revision(tx, &forward.revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return network_forward_update(tx->db, network->id, current->listen_address, &forward, error);
}

int store_forward_update(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_forward_request *r = from_base(request);
    struct store_projects projects;
    struct network_forward current;
    char etag[ETAG_SIZE];
    struct network network;
    int rv;

    rv = store_listener_find_network(tx, STORE_LISTENER_FORWARD, r->project, r->network, &projects,
                                     &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = find_forward(r, tx, &network, &current, error);
    if (rv != ERROR_NONE) {
        return r->patch ? rv : error_prefix(error, "Failed updating forward: ");
    }
    rv = etag_forward(&current, etag, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = etag_check(etag, r->if_match, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    request->result = projects.effective.name;
    rv = update(r, tx, &network, &current, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed updating forward: ");
    }
    return ERROR_NONE;
}

int store_forward_delete(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_forward_request *r = from_base(request);
    struct store_projects projects;
    struct network_forward forward;
    struct network network;
    int64_t revision;
    int rv;

    rv = store_listener_find_network(tx, STORE_LISTENER_FORWARD, r->project, r->network, &projects,
                                     &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = find_forward(r, tx, &network, &forward, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed deleting forward: ");
    }
    request->result = projects.effective.name;
    rv = store_tx_revision(tx, &revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    /* The address on the uplink goes with it, by its foreign key. */
    rv = network_forward_delete_by_network_id_and_listen_address(tx->db, network.id,
                                                                 forward.listen_address, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed deleting forward: ");
    }
    rv = store_uplink_take_back(tx, &network, forward.listen_address, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed deleting forward: ");
    }
    return store_tx_tombstone(tx, KIND, projects.effective.name, network.name,
                              forward.listen_address, error);
}
