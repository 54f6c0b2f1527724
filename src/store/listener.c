#include "store/listener.h"

#include "entity/network_external_address.mapper.h"
#include "entity/network_external_subnet.mapper.h"
#include "entity/network.mapper.h"
#include "lb/listener.h"
#include "lb/network.h"

#include <string.h>

/* How messages call them. */
static const struct {
    const char *name;
    const char *at_the_start; /* Of a sentence. */
} kinds[] = {
    [STORE_LISTENER_LOAD_BALANCER] = {"load balancer", "Load balancer"},
    [STORE_LISTENER_FORWARD] = {"forward", "Forward"},
};

int store_listener_find_network(struct store_tx *tx, enum store_listener_kind kind,
                                const char *project, const char *network,
                                struct store_projects *ret_projects, struct network *ret_network,
                                struct error *error)
{
    int rv;

    rv = store_find_projects(tx, project, ret_projects, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_load_network(tx, ret_projects, network, ret_network, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (ret_network->type != NETWORK_OVN) {
        return error_set(error, ERROR_INVALID, "Network driver \"%s\" does not support %ss",
                         network_type_name(ret_network->type), kinds[kind].name);
    }
    return ERROR_NONE;
}

int store_listener_check_network(enum store_listener_kind kind, const struct network *network,
                                 struct error *error)
{
    if (!network->uplink_id.set) {
        return error_set(error, ERROR_INVALID, "Isolated OVN network cannot use network %ss",
                         kinds[kind].name);
    }
    return ERROR_NONE;
}

/* ADDRESS is written as Incus writes it there. */
static int overlap(const struct store_listener *listener, const char *address, struct error *error)
{
    return error_set(error, ERROR_CONFLICT,
                     "%s listen address \"%s\" overlaps with another network or NIC",
                     kinds[listener->kind].at_the_start, address);
}

static int overlap_host(const struct store_listener *listener, struct error *error)
{
    char host[IP_TEXT_SIZE];

    ip_format_host(&listener->ip, host);
    return overlap(listener, host, error);
}

int store_listener_check_own_addresses(struct store_tx *tx, struct store_listener *listener,
                                       struct error *error)
{
    const struct network *network = listener->network;
    struct network_external_address held;
    int rv;

    listener->on_own_address = false;
    rv = network_external_address_get_one(tx->db, network->uplink_id.value, listener->address,
                                          tx->arena, &held, error);
    if (rv == ERROR_NOT_FOUND) {
        error_clear(error);
        return ERROR_NONE;
    }
    if (rv != ERROR_NONE || held.network_load_balancer_id.set || held.network_forward_id.set) {
        return rv;
    }
    if (held.network_id != network->id) {
        return overlap(listener, listener->address, error);
    }
    listener->on_own_address = true;
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

int store_listener_check_uplink(struct store_tx *tx, const struct store_listener *listener,
                                const struct store_projects *projects, struct error *error)
{
    struct network uplink;
    int rv;

    rv = load_uplink(tx, listener->network, &uplink, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = listener_check_project(&listener->ip, uplink.name, &projects->effective.config, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return listener_check_uplink(&listener->ip, &uplink, error);
}

int store_listener_check_subnets(struct store_tx *tx, const struct store_listener *listener,
                                 struct error *error)
{
    struct network_external_subnet_selector selector;
    struct network_external_subnet_list list;
    int rv;

    selector = network_external_subnet_by_uplink_id(listener->network->uplink_id.value);
    rv = network_external_subnet_get_many(tx->db, &selector, 1, tx->arena, &list, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    for (size_t i = 0; i < list.n_objects; i++) {
        struct ip_subnet subnet;

        if (list.objects[i].network_id != listener->network->id &&
            ip_subnet_parse(list.objects[i].subnet, &subnet) &&
            ip_subnet_contains(&subnet, &listener->ip)) {
            return overlap_host(listener, error);
        }
    }
    return ERROR_NONE;
}

int store_listener_hold(struct store_tx *tx, const struct store_listener *listener, int64_t id,
                        struct error *error)
{
    struct network_external_address held = {
        .uplink_id = listener->network->uplink_id.value,
        .address = listener->address,
        .network_id = listener->network->id,
    };
    int64_t held_id;
    int rv;

    if (listener->on_own_address) {
        rv = network_external_address_delete_by_uplink_id_and_address(tx->db, held.uplink_id,
                                                                      held.address, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    if (listener->kind == STORE_LISTENER_FORWARD) {
        held.network_forward_id = some_i64(id);
    } else {
        held.network_load_balancer_id = some_i64(id);
    }
    rv = network_external_address_create(tx->db, &held, &held_id, error);
    return rv == ERROR_CONFLICT ? overlap_host(listener, error) : rv;
}

void *store_listener_copy_array(struct arena *arena, const void *from, size_t n, size_t size)
{
    void *copy = arena_calloc(arena, n, size);

    if (copy != NULL && n > 0) {
        memcpy(copy, from, n * size);
    }
    return copy;
}
