#include "store/load_balancers.h"

#include "entity/network_external_address.mapper.h"
#include "entity/network_external_subnet.mapper.h"
#include "entity/network_load_balancer.mapper.h"
#include "entity/network.mapper.h"
#include "lb/config_key.h"
#include "lb/etag.h"
#include "lb/load_balancer.h"
#include "lb/network.h"
#include "store/lookup.h"

#include <stdlib.h>
#include <string.h>

/* What tombstones call it. */
#define KIND "network-load-balancer"

static struct store_load_balancer_request *from_base(struct store_request *base)
{
    return (struct store_load_balancer_request *)base;
}

/* The network that the request names, if it can have load balancers. */
static int find_network(struct store_load_balancer_request *r, struct store_tx *tx,
                        struct store_projects *ret_projects, struct network *ret_network,
                        struct error *error)
{
    int rv;

    rv = store_find_projects(tx, r->project, ret_projects, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_load_network(tx, ret_projects, r->network, ret_network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (ret_network->type != NETWORK_OVN) {
        return error_set(error, ERROR_INVALID,
                         "Network driver \"%s\" does not support load balancers",
                         network_type_name(ret_network->type));
    }
    return ERROR_NONE;
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

    rv = find_network(r, tx, &projects, &network, error);
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

    rv = find_network(r, tx, &projects, &network, error);
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

/* RAW is named as the client or as Incus would name it. */
static int overlap(const char *raw, struct error *error)
{
    return error_set(error, ERROR_CONFLICT,
                     "Load balancer listen address \"%s\" overlaps with another network or NIC",
                     raw);
}

/* Whether another network's own address on the uplink is LISTEN. */
static int check_other_networks_address(struct store_tx *tx, const struct network *network,
                                        const char *address, bool *ret_is_own, struct error *error)
{
    struct network_external_address held;
    int rv;

    rv = network_external_address_get_one(tx->db, network->uplink_id.value, address, tx->arena,
                                          &held, error);
    if (rv == ERROR_NOT_FOUND) {
        error_clear(error);
        *ret_is_own = false;
        return ERROR_NONE;
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!held.network_load_balancer_id.set && held.network_id != network->id) {
        return overlap(address, error);
    }
    *ret_is_own = !held.network_load_balancer_id.set;
    return ERROR_NONE;
}

/* Whether LISTEN lies in a subnet that another network routes untranslated. */
static int check_external_subnets(struct store_tx *tx, const struct network *network,
                                  const struct ip *listen, struct error *error)
{
    struct network_external_subnet_selector selector;
    struct network_external_subnet_list list;
    int rv;

    selector = network_external_subnet_by_uplink_id(network->uplink_id.value);
    rv = network_external_subnet_get_many(tx->db, &selector, 1, tx->arena, &list, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    for (size_t i = 0; i < list.n_objects; i++) {
        struct ip_subnet subnet;
        char host[IP_TEXT_SIZE];

        if (list.objects[i].network_id != network->id &&
            ip_subnet_parse(list.objects[i].subnet, &subnet) &&
            ip_subnet_contains(&subnet, listen)) {
            ip_format_host(listen, host);
            return overlap(host, error);
        }
    }
    return ERROR_NONE;
}

static int load_uplink(struct store_tx *tx, const struct network *network,
                       struct network *ret_uplink, struct error *error)
{
    struct network_selector selector = network_by_id(network->uplink_id.value);
    struct network_list list;
    int rv;

    rv = network_get_many(tx->db, &selector, 1, tx->arena, &list, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (list.n_objects != 1) {
        return error_set(error, ERROR_CORRUPT, "Network \"%s\" names an uplink that isn't there",
                         network->name);
    }
    *ret_uplink = list.objects[0];
    return ERROR_NONE;
}

/* Takes the listen address on the uplink. That two requests can't both have it
 * is the doing of the table's UNIQUE, whatever was looked up before. */
static int hold_address(struct store_tx *tx, const struct network *network, int64_t lb_id,
                        const struct ip *listen, struct error *error)
{
    char address[IP_TEXT_SIZE];
    struct network_external_address held = {
        .uplink_id = network->uplink_id.value,
        .address = address,
        .network_id = network->id,
        .network_load_balancer_id = some_i64(lb_id),
    };
    int64_t id;
    int rv;

    ip_format(listen, address);
    rv = network_external_address_create(tx->db, &held, &id, error);
    if (rv == ERROR_CONFLICT) {
        ip_format_host(listen, address);
        return overlap(address, error);
    }
    return rv;
}

/* What is normalised is changed in place, and the body must stay as it is: the
 * transaction may run again, with another arena. */
static void *copy_array(struct arena *arena, const void *from, size_t n, size_t size)
{
    void *copy = arena_calloc(arena, n, size);

    if (copy != NULL && n > 0) {
        memcpy(copy, from, n * size);
    }
    return copy;
}

/* Puts the arrays of BODY into LB. */
static int copy_backends(const struct load_balancer_body *body, struct arena *arena,
                         struct network_load_balancer *lb, struct error *error)
{
    lb->n_backends = body->lb.n_backends;
    lb->backends = copy_array(arena, body->lb.backends, lb->n_backends, sizeof *lb->backends);
    return lb->backends == NULL ? error_no_memory(error) : ERROR_NONE;
}

static int copy_ports(const struct load_balancer_body *body, struct arena *arena,
                      struct network_load_balancer *lb, struct error *error)
{
    lb->n_ports = body->lb.n_ports;
    lb->ports = copy_array(arena, body->lb.ports, lb->n_ports, sizeof *lb->ports);
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

/* The checks stand in Incus' order, because the first one that fails is what
 * the client is told. */
static int create(struct store_load_balancer_request *r, struct store_tx *tx,
                  const struct store_projects *projects, const struct network *network,
                  struct error *error)
{
    struct network_load_balancer lb;
    char address[IP_TEXT_SIZE];
    struct network uplink;
    bool own_address = false;
    struct ip listen;
    int64_t id;
    bool exists;
    int rv;

    if (!network->uplink_id.set) {
        return error_set(error, ERROR_INVALID,
                         "Isolated OVN network cannot use network load balancers");
    }
    rv = copy_body(r->body, tx->arena, &lb, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = load_balancer_parse_listen_address(lb.listen_address, &listen, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    ip_format(&listen, address);
    lb.listen_address = address;
    lb.network_id = network->id;
    rv = network_load_balancer_exists(tx->db, network->id, address, &exists, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (exists) {
        return error_set(error, ERROR_CONFLICT,
                         "A load balancer for that listen address already exists");
    }
    rv = check_other_networks_address(tx, network, address, &own_address, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = load_balancer_validate(&lb, &listen, network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = load_uplink(tx, network, &uplink, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = load_balancer_check_project(&listen, uplink.name, &projects->effective.config, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = load_balancer_check_uplink(&listen, &uplink, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (is_mapped(r->body->lb.listen_address, &listen)) {
        ip_format_host(&listen, address);
        return error_set(error, ERROR_INVALID,
                         "Uplink network doesn't contain \"%s\" in its routes", address);
    }
    rv = check_external_subnets(tx, network, &listen, error);
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
        return error_set(error, ERROR_CONFLICT,
                         "A load balancer for that listen address already exists");
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    /* The network's own address is held by the network already. */
    return own_address ? ERROR_NONE : hold_address(tx, network, id, &listen, error);
}

int store_load_balancer_create(struct store_request *request, struct store_tx *tx,
                               struct error *error)
{
    struct store_load_balancer_request *r = from_base(request);
    struct store_projects projects;
    struct network network;
    int rv;

    rv = find_network(r, tx, &projects, &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
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
    lb.config = (struct string_map){0};
    if (patch && !string_map_copy(&lb.config, arena, &current->config)) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < body->lb.config.n_pairs; i++) {
        const struct string_pair *pair = &body->lb.config.pairs[i];

        if (!string_map_set(&lb.config, arena, pair->key, pair->value)) {
            return error_no_memory(error);
        }
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

    rv = find_network(r, tx, &projects, &network, error);
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

    rv = find_network(r, tx, &projects, &network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = find_load_balancer(r, tx, &network, &lb, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed deleting load balancer: ");
    }
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
    return store_tx_tombstone(tx, KIND, projects.effective.name, network.name, lb.listen_address,
                              error);
}
