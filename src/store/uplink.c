#include "store/uplink.h"

#include "entity/network_external_address.mapper.h"
#include "entity/network_external_subnet.mapper.h"
#include "entity/network.mapper.h"
#include "lb/config_key.h"
#include "lb/external_subnet.h"
#include "lb/network.h"
#include "lb/project.h"
#include "store/lookup.h"

#include <stdio.h>
#include <string.h>

/* A network has two own addresses (IPv4, IPv6), and two for translation. */
#define OWN_ADDRESSES_MAX 4

static const struct {
    int family;
    const char *uplink_address; /* Drawn by the server. */
    const char *address;
    const char *nat;
    const char *nat_address;
} families[] = {
    {4, "volatile.network.ipv4.address", "ipv4.address", "ipv4.nat", "ipv4.nat.address"},
    {6, "volatile.network.ipv6.address", "ipv6.address", "ipv6.nat", "ipv6.nat.address"},
};

#define N_FAMILIES (sizeof families / sizeof families[0])

/* The networks that others can stand behind: all that touch the host, and so are in the
 * default project. */
static bool can_be_uplink(const struct network *network)
{
    return network->type != NETWORK_OVN;
}

int store_uplink_choose(struct store_tx *tx, struct network *network, const struct project *project,
                        struct error *error)
{
    struct store_projects projects;
    struct network_selector selector;
    struct network_list list;
    const char *found = NULL;
    size_t n_found = 0;
    int rv;

    if (network->type != NETWORK_OVN || string_map_get(&network->config, "network") != NULL) {
        return ERROR_NONE;
    }
    rv = store_find_projects(tx, PROJECT_DEFAULT, &projects, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    selector = network_by_project_id(projects.effective.id);
    rv = network_get_many(tx->db, &selector, 1, tx->arena, &list, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    for (size_t i = 0; i < list.n_objects; i++) {
        if (can_be_uplink(&list.objects[i]) &&
            project_allows_uplink(project, list.objects[i].name)) {
            found = list.objects[i].name;
            n_found++;
        }
    }
    if (n_found == 0) {
        return error_set(error, ERROR_INVALID, "No allowed uplink networks in project");
    }
    /* Of several, none is meant: network_validate() says so. */
    if (n_found == 1 && !string_map_set(&network->config, tx->arena, "network", found)) {
        return error_no_memory(error);
    }
    return ERROR_NONE;
}

int store_uplink_find(struct store_tx *tx, struct network *network, const struct project *project,
                      struct network *ret_uplink, struct error *error)
{
    const char *name = string_map_get_or_empty(&network->config, "network");
    struct store_projects projects;
    struct network uplink;
    int rv;

    network->uplink_id = (struct opt_i64){0};
    if (network->type != NETWORK_OVN || strcmp(name, "none") == 0) {
        return ERROR_NONE;
    }
    rv = store_find_projects(tx, PROJECT_DEFAULT, &projects, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_find_network(tx, &projects, name, &uplink, error);
    if (rv == ERROR_NOT_FOUND ||
        (rv == ERROR_NONE && !(can_be_uplink(&uplink) && project_allows_uplink(project, name)))) {
        return error_set(error, ERROR_INVALID,
                         "Option \"network\" value \"%s\" is not one of the allowed uplink "
                         "networks in project",
                         name);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    network->uplink_id = some_i64(uplink.id);
    *ret_uplink = uplink;
    return ERROR_NONE;
}

/* The subnet of family I that is routed as it is, if there is one. */
static bool untranslated_subnet(const struct network *network, size_t i,
                                struct ip_subnet *ret_subnet)
{
    const char *address = string_map_get_or_empty(&network->config, families[i].address);

    if (config_is_true(string_map_get(&network->config, families[i].nat)) ||
        !ip_subnet_parse(address, ret_subnet)) {
        return false;
    }
    ret_subnet->address = ip_subnet_first(ret_subnet);
    return true;
}

static int check_external(const struct ip_subnet *subnet, const struct network *uplink,
                          const struct project *project, struct error *error)
{
    int rv = external_subnet_check_project(subnet, uplink->name, &project->config, error);

    return rv != ERROR_NONE ? rv : external_subnet_check_uplink(subnet, uplink, error);
}

int store_uplink_check_subnets(const struct network *network, const struct network *uplink,
                               const struct project *project, struct error *error)
{
    int rv = ERROR_NONE;

    for (size_t i = 0; rv == ERROR_NONE && i < N_FAMILIES; i++) {
        struct ip_subnet subnet;

        if (untranslated_subnet(network, i, &subnet)) {
            rv = check_external(&subnet, uplink, project, error);
        }
    }
    for (size_t i = 0; rv == ERROR_NONE && i < N_FAMILIES; i++) {
        struct ip_subnet subnet;
        struct ip ip;

        if (ip_parse(string_map_get_or_empty(&network->config, families[i].nat_address), &ip)) {
            subnet = external_subnet_of_host(&ip);
            rv = check_external(&subnet, uplink, project, error);
        }
    }
    return rv;
}

/* "10:66:6a:xx:xx:xx": the prefix that Incus draws hardware addresses from. */
#define HWADDR_SIZE 18

static void choose_hwaddr(uint64_t seed, char out[HWADDR_SIZE])
{
    snprintf(out, HWADDR_SIZE, "10:66:6a:%02x:%02x:%02x", (unsigned)(seed >> 16 & 0xff),
             (unsigned)(seed >> 8 & 0xff), (unsigned)(seed & 0xff));
}

static bool is_taken(const struct ip *ip, void *data)
{
    const struct network_external_address_list *held = data;
    char text[IP_TEXT_SIZE];

    ip_format(ip, text);
    for (size_t i = 0; i < held->n_objects; i++) {
        if (strcmp(held->objects[i].address, text) == 0) {
            return true;
        }
    }
    return false;
}

int store_uplink_choose_addresses(struct store_tx *tx, struct network *network,
                                  const struct network *uplink, uint64_t seed, struct error *error)
{
    struct network_external_address_selector selector;
    struct network_external_address_list held;
    char hwaddr[HWADDR_SIZE];
    int rv;

    selector = network_external_address_by_uplink_id(uplink->id);
    rv = network_external_address_get_many(tx->db, &selector, 1, tx->arena, &held, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    choose_hwaddr(seed, hwaddr);
    for (size_t i = 0; i < N_FAMILIES; i++) {
        const char *own = string_map_get_or_empty(&network->config, families[i].address);
        struct ip_subnet gateway;
        char text[IP_TEXT_SIZE];
        struct ip ip;
        char *copy;

        /* Only where the network and its uplink both speak the family. */
        if (network_uplink_address(network, families[i].family, &ip) || own[0] == '\0' ||
            strcmp(own, "none") == 0 ||
            !network_gateway_subnet(uplink, families[i].family, &gateway)) {
            continue;
        }
        rv = network_choose_uplink_address(uplink, families[i].family, hwaddr, is_taken, &held, &ip,
                                           error);
        if (rv != ERROR_NONE) {
            return rv;
        }
        ip_format(&ip, text);
        copy = arena_strdup(tx->arena, text);
        if (copy == NULL ||
            !string_map_set(&network->config, tx->arena, families[i].uplink_address, copy)) {
            return error_no_memory(error);
        }
    }
    return ERROR_NONE;
}

/* WANTED overlaps with HELD, which the network of HOLDER_ID has. All who may use the socket may see
 * every project, so it is named, behind the words of Incus, which tells nobody. */
static int overlap(struct store_tx *tx, const char *wanted, const char *held, int64_t holder_id,
                   struct error *error)
{
    struct network_selector selector = network_by_id(holder_id);
    struct network_list list;
    int rv = network_get_many(tx->db, &selector, 1, tx->arena, &list, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (list.n_objects != 1) {
        return error_set(error, ERROR_CORRUPT, "Address \"%s\" is of a network that isn't there",
                         held);
    }
    return error_set(error, ERROR_CONFLICT,
                     "External subnet \"%s\" overlaps with another network or NIC: \"%s\" of "
                     "network \"%s\" in project \"%s\"",
                     wanted, held, list.objects[0].name, list.objects[0].project_name);
}

static int overlap_address(struct store_tx *tx, int64_t uplink_id, const char *address,
                           struct error *error)
{
    struct network_external_address held;
    char host[IP_TEXT_SIZE];
    struct ip ip;
    int rv = network_external_address_get_one(tx->db, uplink_id, address, tx->arena, &held, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!ip_parse(address, &ip)) {
        return error_set(error, ERROR_CORRUPT, "\"%s\" is held and is no address", address);
    }
    ip_format_host(&ip, host);
    return overlap(tx, host, address, held.network_id, error);
}

/* The canonical addresses that the config says are the network's own. */
static size_t own_addresses(const struct network *network, char out[][IP_TEXT_SIZE])
{
    size_t n = 0;

    for (size_t i = 0; i < N_FAMILIES; i++) {
        const char *values[] = {
            string_map_get_or_empty(&network->config, families[i].uplink_address),
            string_map_get_or_empty(&network->config, families[i].nat_address),
        };

        for (size_t j = 0; j < 2; j++) {
            struct ip ip;

            if (ip_parse(values[j], &ip)) {
                ip_format(&ip, out[n]);
                if (n == 0 || strcmp(out[n - 1], out[n]) != 0) {
                    n++;
                }
            }
        }
    }
    return n;
}

static int hold_address(struct store_tx *tx, const struct network *network, const char *address,
                        struct error *error)
{
    const struct network_external_address held = {
        .uplink_id = network->uplink_id.value,
        .address = address,
        .network_id = network->id,
    };
    int64_t id;
    int rv = network_external_address_create(tx->db, &held, &id, error);

    return rv == ERROR_CONFLICT ? overlap_address(tx, held.uplink_id, address, error) : rv;
}

static int hold_addresses(struct store_tx *tx, const struct network *network, struct error *error)
{
    struct network_external_address_selector selector;
    struct network_external_address_list held;
    char own[OWN_ADDRESSES_MAX][IP_TEXT_SIZE];
    bool have[OWN_ADDRESSES_MAX] = {false};
    size_t n_own = network->uplink_id.set ? own_addresses(network, own) : 0;
    int rv;

    selector = network_external_address_by_network_id(network->id);
    rv = network_external_address_get_many(tx->db, &selector, 1, tx->arena, &held, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    for (size_t i = 0; i < held.n_objects; i++) {
        const struct network_external_address *h = &held.objects[i];
        bool same_uplink = network->uplink_id.set && h->uplink_id == network->uplink_id.value;
        bool wanted = false;
        bool has_listener = h->network_load_balancer_id.set || h->network_forward_id.set;

        if (has_listener && !same_uplink) {
            return error_set(error, ERROR_INVALID,
                             "The uplink of a network that has %s can't be changed",
                             h->network_forward_id.set ? "forwards" : "load balancers");
        }
        for (size_t j = 0; same_uplink && j < n_own; j++) {
            if (strcmp(h->address, own[j]) == 0) {
                have[j] = true;
                wanted = true;
            }
        }
        if (wanted || has_listener) {
            continue;
        }
        rv = network_external_address_delete_by_uplink_id_and_address(tx->db, h->uplink_id,
                                                                      h->address, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    for (size_t j = 0; j < n_own; j++) {
        if (have[j]) {
            continue;
        }
        rv = hold_address(tx, network, own[j], error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    return ERROR_NONE;
}

int store_uplink_take_back(struct store_tx *tx, const struct network *network, const char *address,
                           struct error *error)
{
    char own[OWN_ADDRESSES_MAX][IP_TEXT_SIZE];
    size_t n_own = own_addresses(network, own);

    for (size_t i = 0; i < n_own; i++) {
        if (strcmp(own[i], address) == 0) {
            return hold_address(tx, network, address, error);
        }
    }
    return ERROR_NONE;
}

/* Whether SUBNET of NETWORK holds an address of another network, or overlaps
 * with a subnet of one. */
static int check_subnet(struct store_tx *tx, const struct network *network,
                        const struct ip_subnet *subnet, struct error *error)
{
    struct network_external_address_selector addresses_selector =
        network_external_address_by_uplink_id(network->uplink_id.value);
    struct network_external_subnet_selector subnets_selector =
        network_external_subnet_by_uplink_id(network->uplink_id.value);
    struct network_external_address_list addresses;
    struct network_external_subnet_list subnets;
    char text[IP_TEXT_SIZE];
    int rv;

    ip_subnet_format(subnet, text);
    rv = network_external_address_get_many(tx->db, &addresses_selector, 1, tx->arena, &addresses,
                                           error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    for (size_t i = 0; i < addresses.n_objects; i++) {
        struct ip ip;

        if (addresses.objects[i].network_id != network->id &&
            ip_parse(addresses.objects[i].address, &ip) && ip_subnet_contains(subnet, &ip)) {
            return overlap(tx, text, addresses.objects[i].address, addresses.objects[i].network_id,
                           error);
        }
    }
    rv = network_external_subnet_get_many(tx->db, &subnets_selector, 1, tx->arena, &subnets, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    for (size_t i = 0; i < subnets.n_objects; i++) {
        struct ip_subnet other;

        if (subnets.objects[i].network_id != network->id &&
            ip_subnet_parse(subnets.objects[i].subnet, &other) &&
            ip_subnet_overlaps(subnet, &other)) {
            return overlap(tx, text, subnets.objects[i].subnet, subnets.objects[i].network_id,
                           error);
        }
    }
    return ERROR_NONE;
}

static int hold_subnets(struct store_tx *tx, const struct network *network, struct error *error)
{
    uint64_t deleted;
    int rv;

    rv = network_external_subnet_delete_many_by_network_id(tx->db, network->id, &deleted, error);
    if (rv != ERROR_NONE || !network->uplink_id.set) {
        return rv;
    }
    for (size_t i = 0; i < N_FAMILIES; i++) {
        struct network_external_subnet held = {
            .uplink_id = network->uplink_id.value,
            .network_id = network->id,
        };
        char text[IP_TEXT_SIZE];
        struct ip_subnet subnet;
        int64_t id;

        if (!untranslated_subnet(network, i, &subnet)) {
            continue;
        }
        rv = check_subnet(tx, network, &subnet, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
        ip_subnet_format(&subnet, text);
        held.subnet = text;
        rv = network_external_subnet_create(tx->db, &held, &id, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    return ERROR_NONE;
}

int store_uplink_hold(struct store_tx *tx, const struct network *network, struct error *error)
{
    int rv = hold_addresses(tx, network, error);

    return rv != ERROR_NONE ? rv : hold_subnets(tx, network, error);
}
