#include "store/load_balancers.h"

#include "entity/network_load_balancer.mapper.h"
#include "lb/config_key.h"
#include "lb/etag.h"
#include "lb/load_balancer.h"
#include "store/listener.h"
#include "store/uplink.h"

#include <stdlib.h>
#include <string.h>

/* What tombstones call it. */
#define KIND "network-load-balancer"

static struct store_load_balancer_request *from_base(struct store_request *base)
{
    return (struct store_load_balancer_request *)base;
}

/* The record behind any spelling of its address. */
static int find_load_balancer(struct store_load_balancer_request *r, struct store_tx *tx,
                              const struct network *network, struct network_load_balancer *ret_lb,
                              struct error *error)
{
    char address[IP_TEXT_SIZE];
    struct ip ip;

    if (!ip_parse(r->listen_address, &ip)) {
        return error_set(error, ERROR_NOT_FOUND, "Network load balancer not found");
    }
    ip_format(&ip, address);
    return network_load_balancer_get_one(tx->db, network->id, address, tx->arena, ret_lb, error);
}

int store_load_balancer_list(struct store_request *request, struct store_tx *tx,
                             struct error *error)
{
    struct store_load_balancer_request *r = from_base(request);
    struct network_load_balancer_selector selector;
    struct network_load_balancer_list list;
    struct store_projects projects;
    struct network network;
    int rv;

    rv = store_listener_find_network(tx, STORE_LISTENER_LOAD_BALANCER, r->project, r->network,
                                     &projects, &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    selector = network_load_balancer_by_network_id(network.id);
    rv = network_load_balancer_get_many(tx->db, &selector, 1, tx->arena, &list, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed loading network load balancers: ");
    }
    if (list.n_objects > 1) {
        qsort(list.objects, list.n_objects, sizeof list.objects[0], load_balancer_compare);
    }
    r->load_balancers = list.objects;
    r->n_load_balancers = list.n_objects;
    return ERROR_NONE;
}

int store_load_balancer_get(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_load_balancer_request *r = from_base(request);
    struct store_projects projects;
    struct network_load_balancer *lb;
    struct network network;
    int rv;

    rv = store_listener_find_network(tx, STORE_LISTENER_LOAD_BALANCER, r->project, r->network,
                                     &projects, &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    lb = arena_calloc(tx->arena, 1, sizeof *lb);
    if (lb == NULL) {
        return error_no_memory(error);
    }
    rv = find_load_balancer(r, tx, &network, lb, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    r->load_balancers = lb;
    r->n_load_balancers = 1;
    return ERROR_NONE;
}

/* Puts the arrays of BODY into LB. */
static int copy_backends(const struct load_balancer_body *body, struct arena *arena,
                         struct network_load_balancer *lb, struct error *error)
{
    lb->n_backends = body->lb.n_backends;
    lb->backends =
        store_listener_copy_array(arena, body->lb.backends, lb->n_backends, sizeof *lb->backends);
    return lb->backends == NULL ? error_no_memory(error) : ERROR_NONE;
}

static int copy_ports(const struct load_balancer_body *body, struct arena *arena,
                      struct network_load_balancer *lb, struct error *error)
{
    lb->n_ports = body->lb.n_ports;
    lb->ports = store_listener_copy_array(arena, body->lb.ports, lb->n_ports, sizeof *lb->ports);
    return lb->ports == NULL ? error_no_memory(error) : ERROR_NONE;
}

/* The record that BODY describes, normalised. */
static int copy_body(const struct load_balancer_body *body, struct arena *arena,
                     struct network_load_balancer *ret_lb, struct error *error)
{
    struct network_load_balancer lb = body->lb;
    int rv;

    if (!string_map_copy(&lb.config, arena, &body->lb.config)) {
        return error_no_memory(error);
    }
    rv = copy_backends(body, arena, &lb, error);
    if (rv == ERROR_NONE) {
        rv = copy_ports(body, arena, &lb, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    *ret_lb = lb;
    return load_balancer_normalise(ret_lb, arena, error);
}

/* An IPv4 address in the spelling of IPv6 ("::ffff:198.51.100.23"): Incus finds it
 * in no route of the uplink. */
static bool is_mapped(const char *text, const struct ip *ip)
{
    return ip->family == 4 && strchr(text, ':') != NULL;
}

static int already_exists(struct error *error)
{
    return error_set(error, ERROR_CONFLICT,
                     "A load balancer for that listen address already exists");
}

/* The checks stand in Incus' order, because the first one that fails is what
 * the client is told. */
static int create(struct store_load_balancer_request *r, struct store_tx *tx,
                  const struct store_projects *projects, const struct network *network,
                  struct error *error)
{
    struct store_listener listener = {.kind = STORE_LISTENER_LOAD_BALANCER, .network = network};
    struct network_load_balancer lb;
    bool exists;
    int64_t id;
    int rv;

    rv = store_listener_check_network(listener.kind, network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = copy_body(r->body, tx->arena, &lb, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = load_balancer_parse_listen_address(lb.listen_address, &listener.ip, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    ip_format(&listener.ip, listener.address);
    lb.listen_address = listener.address;
    lb.network_id = network->id;
    rv = network_load_balancer_exists(tx->db, network->id, listener.address, &exists, error);
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
    rv = load_balancer_validate(&lb, &listener.ip, network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_listener_check_uplink(tx, &listener, projects, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (is_mapped(r->body->lb.listen_address, &listener.ip)) {
        char host[IP_TEXT_SIZE];

        ip_format_host(&listener.ip, host);
        return error_set(error, ERROR_INVALID,
                         "Uplink network doesn't contain \"%s\" in its routes", host);
    }
    rv = store_listener_check_subnets(tx, &listener, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    config_drop_empty(&lb.config);
    rv = store_tx_revision(tx, &lb.revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = network_load_balancer_create(tx->db, &lb, &id, error);
    if (rv == ERROR_CONFLICT) {
        return already_exists(error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    return store_listener_hold(tx, &listener, id, error);
}

int store_load_balancer_create(struct store_request *request, struct store_tx *tx,
                               struct error *error)
{
    struct store_load_balancer_request *r = from_base(request);
    struct store_projects projects;
    struct network network;
    int rv;

    rv = store_listener_find_network(tx, STORE_LISTENER_LOAD_BALANCER, r->project, r->network,
                                     &projects, &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    request->result = projects.effective.name;
    rv = create(r, tx, &projects, &network, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed creating load balancer: ");
    }
    return ERROR_NONE;
}

/* What CURRENT becomes when BODY is put, or patched, onto it; normalised. */
static int merge(const struct network_load_balancer *current, const struct load_balancer_body *body,
                 bool patch, struct arena *arena, struct network_load_balancer *ret_lb,
                 struct error *error)
{
    struct network_load_balancer lb = *current;
    int rv;

    if (!patch || body->has_description) {
        lb.description = body->lb.description;
    }
    if (!patch || body->has_backends) {
        rv = copy_backends(body, arena, &lb, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    if (!patch || body->has_ports) {
        rv = copy_ports(body, arena, &lb, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    rv = config_merge(&current->config, &body->lb.config, patch, arena, &lb.config, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    *ret_lb = lb;
    return load_balancer_normalise(ret_lb, arena, error);
}

/* CURRENT is as it was read. */
static int update(struct store_load_balancer_request *r, struct store_tx *tx,
                  const struct network *network, const struct network_load_balancer *current,
                  struct error *error)
{
    struct network_load_balancer lb;
    struct ip listen;
    int rv;

    rv = load_balancer_parse_listen_address(current->listen_address, &listen, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = merge(current, r->body, r->patch, tx->arena, &lb, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = load_balancer_validate(&lb, &listen, network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    config_drop_empty(&lb.config);
    if (load_balancer_equal(current, &lb)) {
        return ERROR_NONE;
    }
    rv = store_tx_revision(tx, &lb.revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return network_load_balancer_update(tx->db, network->id, current->listen_address, &lb, error);
}

int store_load_balancer_update(struct store_request *request, struct store_tx *tx,
                               struct error *error)
{
    struct store_load_balancer_request *r = from_base(request);
    struct store_projects projects;
    struct network_load_balancer current;
    char etag[ETAG_SIZE];
    struct network network;
    int rv;

    rv = store_listener_find_network(tx, STORE_LISTENER_LOAD_BALANCER, r->project, r->network,
                                     &projects, &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = find_load_balancer(r, tx, &network, &current, error);
    if (rv != ERROR_NONE) {
        return r->patch ? rv : error_prefix(error, "Failed updating load balancer: ");
    }
    rv = etag_load_balancer(&current, etag, error);
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
        return error_prefix(error, "Failed updating load balancer: ");
    }
    return ERROR_NONE;
}

int store_load_balancer_delete(struct store_request *request, struct store_tx *tx,
                               struct error *error)
{
    struct store_load_balancer_request *r = from_base(request);
    struct store_projects projects;
    struct network_load_balancer lb;
    struct network network;
    int64_t revision;
    int rv;

    rv = store_listener_find_network(tx, STORE_LISTENER_LOAD_BALANCER, r->project, r->network,
                                     &projects, &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = find_load_balancer(r, tx, &network, &lb, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed deleting load balancer: ");
    }
    request->result = projects.effective.name;
    rv = store_tx_revision(tx, &revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    /* The address on the uplink goes with it, by its foreign key. */
    rv = network_load_balancer_delete_by_network_id_and_listen_address(tx->db, network.id,
                                                                       lb.listen_address, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed deleting load balancer: ");
    }
    rv = store_uplink_take_back(tx, &network, lb.listen_address, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed deleting load balancer: ");
    }
    return store_tx_tombstone(tx, KIND, projects.effective.name, network.name, lb.listen_address,
                              error);
}
