#include "lb/network_state.h"

#include "base/string_map.h"
#include "lb/config_key.h"
#include "lb/ip.h"
#include "lb/name.h"
#include "lb/network.h"
#include "lb/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MTU_DEFAULT 1500

const char *const network_member_keys[] = {
    "bgp.ipv4.nexthop", "bgp.ipv6.nexthop", "bridge.external_interfaces", "parent", NULL,
};

/* Those, "tunnel.NAME.interface" and "tunnel.NAME.local". */
static bool is_member_key(const char *key)
{
    static const char tunnel[] = "tunnel.";
    const char *end;

    for (size_t i = 0; network_member_keys[i] != NULL; i++) {
        if (strcmp(network_member_keys[i], key) == 0) {
            return true;
        }
    }
    if (strncmp(key, tunnel, sizeof tunnel - 1) != 0) {
        return false;
    }
    key += sizeof tunnel - 1;
    end = strchr(key, '.');
    return end != NULL && end != key &&
           (strcmp(end, ".interface") == 0 || strcmp(end, ".local") == 0);
}

int network_refuse_target(enum network_type type, const struct string_map *config,
                          const char *description, struct error *error)
{
    if (type == NETWORK_OVN) {
        return error_set(error, ERROR_INVALID,
                         "Network type \"%s\" does not support member specific config",
                         network_type_name(type));
    }
    for (size_t i = 0; i < config->n_pairs; i++) {
        if (!is_member_key(config->pairs[i].key)) {
            return error_set(error, ERROR_INVALID,
                             "Config key %s may not be used as member-specific key",
                             TEXT_QUOTED(config->pairs[i].key));
        }
    }
    if (description[0] != '\0') {
        return error_set(error, ERROR_INVALID,
                         "The network description cannot be set for a specific member");
    }
    return error_set(error, ERROR_NOT_FOUND, "Cluster member not found");
}

static const char *const address_keys[] = {"ipv4.address", "ipv6.address"};

static void write_member(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

static void write_null(struct json_writer *w, const char *key)
{
    json_write_key(w, key);
    json_write_null(w);
}

int network_state_check(const struct network *network, struct error *error)
{
    const char *parent = string_map_get_or_empty(&network->config, "parent");

    if (network->type == NETWORK_OVN) {
        return ERROR_NONE;
    }
    return error_set(error, ERROR_NOT_FOUND, "Network interface %s not found",
                     TEXT_QUOTED(parent[0] == '\0' ? network->name : parent));
}

/* null, not [], for a network that has none, as Incus has it. */
static void write_addresses(struct json_writer *w, const struct network *network)
{
    bool any = false;

    json_write_key(w, "addresses");
    for (size_t i = 0; i < 2; i++) {
        struct ip_subnet subnet;
        char text[IP_TEXT_SIZE];
        char prefix[16];

        if (!ip_subnet_parse(string_map_get_or_empty(&network->config, address_keys[i]), &subnet)) {
            continue;
        }
        if (!any) {
            json_write_array_begin(w);
            any = true;
        }
        ip_format(&subnet.address, text);
        snprintf(prefix, sizeof prefix, "%u", subnet.prefix);
        json_write_object_begin(w);
        write_member(w, "family", subnet.address.family == 4 ? "inet" : "inet6");
        write_member(w, "address", text);
        write_member(w, "netmask", prefix);
        write_member(w, "scope", "link");
        json_write_object_end(w);
    }
    if (any) {
        json_write_array_end(w);
    } else {
        json_write_null(w);
    }
}

static int64_t mtu_of(const struct network *network)
{
    uint64_t mtu;

    if (!config_parse_uint(string_map_get_or_empty(&network->config, "bridge.mtu"), UINT32_MAX,
                           &mtu) ||
        mtu == 0) {
        return MTU_DEFAULT;
    }
    return (int64_t)mtu;
}

void network_state_to_json(struct json_writer *w, const struct network *network)
{
    const struct string_map *config = &network->config;

    json_write_object_begin(w);
    write_addresses(w, network);
    write_null(w, "counters");
    write_member(w, "hwaddr", string_map_get_or_empty(config, "bridge.hwaddr"));
    json_write_key(w, "mtu");
    json_write_integer(w, mtu_of(network));
    write_member(w, "state", "up");
    write_member(w, "type", "broadcast");
    write_null(w, "bond");
    write_null(w, "bridge");
    write_null(w, "vlan");
    json_write_key(w, "ovn");
    json_write_object_begin(w);
    write_member(w, "chassis", "");
    write_member(w, "logical_router", "");
    write_member(w, "logical_switch", "");
    write_member(w, "uplink_ipv4",
                 string_map_get_or_empty(config, "volatile.network.ipv4.address"));
    write_member(w, "uplink_ipv6",
                 string_map_get_or_empty(config, "volatile.network.ipv6.address"));
    json_write_object_end(w);
    json_write_object_end(w);
}

int network_leases_check(const struct network *network, struct error *error)
{
    if (network->type == NETWORK_PHYSICAL) {
        return error_set(error, ERROR_INVALID, "Not implemented");
    }
    return ERROR_NONE;
}

void network_leases_to_json(struct json_writer *w, const struct network *network)
{
    char hostname[NAME_SIZE_MAX + sizeof ".gw"];

    snprintf(hostname, sizeof hostname, "%s.gw", network->name);
    for (size_t i = 0; i < 2; i++) {
        struct ip_subnet subnet;
        char text[IP_TEXT_SIZE];

        if (!ip_subnet_parse(string_map_get_or_empty(&network->config, address_keys[i]), &subnet)) {
            continue;
        }
        ip_format(&subnet.address, text);
        json_write_object_begin(w);
        write_member(w, "hostname", hostname);
        write_member(w, "hwaddr", "");
        write_member(w, "address", text);
        write_member(w, "type", "gateway");
        write_member(w, "location", "");
        json_write_object_end(w);
    }
}
