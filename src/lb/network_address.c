#include "lb/network.h"

#include "lb/config_address.h"
#include "lb/network_range.h"
#include "lb/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define OVN_MTU "1500" /* What a tunnel carries if the hosts' links carry its overhead too. */

bool network_uplink_address(const struct network *network, int family, struct ip *ret_ip)
{
    const char *text =
        string_map_get_or_empty(&network->config, family == 4 ? "volatile.network.ipv4.address"
                                                              : "volatile.network.ipv6.address");
    struct ip ip;

    if (!ip_parse(text, &ip) || ip.family != family) {
        return false;
    }
    *ret_ip = ip;
    return true;
}

bool network_gateway_subnet(const struct network *uplink, int family, struct ip_subnet *ret_subnet)
{
    /* A bridge has an address of its own, a physical network knows its gateway's. */
    const char *text =
        string_map_get_or_empty(&uplink->config, family == 4 ? "ipv4.address" : "ipv6.address");
    struct ip_subnet subnet;

    if (*text == '\0') {
        text =
            string_map_get_or_empty(&uplink->config, family == 4 ? "ipv4.gateway" : "ipv6.gateway");
    }
    if (!ip_subnet_parse(text, &subnet) || subnet.address.family != family) {
        return false;
    }
    *ret_subnet = subnet;
    return true;
}

/* The gateway isn't free, whatever the ranges say. */
static bool choose_from_range(const struct ip_range *range, const struct ip *gateway,
                              bool (*taken)(const struct ip *ip, void *data), void *data,
                              struct ip *ret_ip)
{
    struct ip ip = range->first;

    while (ip_compare(&ip, gateway) == 0 || taken(&ip, data)) {
        if (!ip_next(&ip, &ip) || !ip_range_contains(range, &ip)) {
            return false;
        }
    }
    *ret_ip = ip;
    return true;
}

static int choose_from_ranges(const char *ranges, const struct ip_subnet *gateway,
                              bool (*taken)(const struct ip *ip, void *data), void *data,
                              struct ip *ret_ip, struct error *error)
{
    const int family = gateway->address.family;
    struct text_list list;
    const char *item;
    bool found = false;
    int rv = ERROR_NONE;

    if (!text_list_init(&list, ranges)) {
        return error_no_memory(error);
    }
    while (rv == ERROR_NONE && !found && (item = text_list_next(&list)) != NULL) {
        struct ip_range range;

        rv = network_range_parse(item, gateway, &range, error);
        if (rv != ERROR_NONE) {
            error_prefix(error, "Failed to parse uplink IPv%d OVN ranges: ", family);
        } else {
            found = choose_from_range(&range, &gateway->address, taken, data, ret_ip);
        }
    }
    text_list_close(&list);
    if (rv == ERROR_NONE && !found) {
        rv = error_set(error, ERROR_INVALID,
                       "Failed to allocate uplink IPv%d address: No free IPs available", family);
    }
    return rv;
}

/* The interface identifier of RFC 4291, appendix A, in the gateway's /64. */
static int choose_from_hwaddr(const char *hwaddr, const struct ip_subnet *gateway,
                              bool (*taken)(const struct ip *ip, void *data), void *data,
                              struct ip *ret_ip, struct error *error)
{
    struct ip ip = ip_subnet_first(gateway);
    unsigned mac[6];
    int rv = config_check_mac(NULL, hwaddr, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    sscanf(hwaddr, "%2x:%2x:%2x:%2x:%2x:%2x", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4], &mac[5]);
    ip.bytes[8] = (uint8_t)(mac[0] ^ 0x02);
    ip.bytes[9] = (uint8_t)mac[1];
    ip.bytes[10] = (uint8_t)mac[2];
    ip.bytes[11] = 0xff;
    ip.bytes[12] = 0xfe;
    ip.bytes[13] = (uint8_t)mac[3];
    ip.bytes[14] = (uint8_t)mac[4];
    ip.bytes[15] = (uint8_t)mac[5];
    if (!ip_subnet_contains(gateway, &ip) || taken(&ip, data)) {
        return error_set(error, ERROR_INVALID,
                         "Failed to allocate uplink IPv6 address: No free IPs available");
    }
    *ret_ip = ip;
    return ERROR_NONE;
}

int network_choose_uplink_address(const struct network *uplink, int family, const char *hwaddr,
                                  bool (*taken)(const struct ip *ip, void *data), void *data,
                                  struct ip *ret_ip, struct error *error)
{
    const char *ranges = string_map_get_or_empty(&uplink->config, family == 4 ? "ipv4.ovn.ranges"
                                                                              : "ipv6.ovn.ranges");
    struct ip_subnet gateway;

    if (!network_gateway_subnet(uplink, family, &gateway)) {
        return error_set(error, ERROR_INVALID, "Uplink network doesn't have IPv%d configured",
                         family);
    }
    if (*ranges != '\0') {
        return choose_from_ranges(ranges, &gateway, taken, data, ret_ip, error);
    }
    if (family == 4) {
        return error_set(error, ERROR_INVALID,
                         "Missing required \"ipv4.ovn.ranges\" config key on uplink network");
    }
    return choose_from_hwaddr(hwaddr, &gateway, taken, data, ret_ip, error);
}

/* SplitMix64 (Steele, Lea, Flood 2014): a sequence that any seed starts well. */
static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Sets KEY unless it is there; "auto" counts as absent when AUTO_TOO. */
static bool set_default(struct network *network, const char *key, bool auto_too, const char *value,
                        bool *ret_was_set, struct arena *arena)
{
    const char *old = string_map_get_or_empty(&network->config, key);

    *ret_was_set = *old == '\0' || (auto_too && strcmp(old, "auto") == 0);
    return !*ret_was_set || string_map_set(&network->config, arena, key, value);
}

int network_fill_config(struct network *network, uint64_t seed, struct arena *arena,
                        struct error *error)
{
    uint64_t v4 = next_random(&seed);
    uint64_t v6 = next_random(&seed);
    bool was_set;
    const char *address_v4;
    const char *address_v6;

    if (network->type == NETWORK_PHYSICAL) {
        return ERROR_NONE;
    }
    address_v4 = arena_printf(arena, "10.%" PRIu64 ".%" PRIu64 ".1/24", (v4 & 0xffff) % 255,
                              (v4 >> 16 & 0xffff) % 255);
    address_v6 = arena_printf(arena, "fd42:%" PRIx64 ":%" PRIx64 ":%" PRIx64 "::1/64", v6 & 0xffff,
                              v6 >> 16 & 0xffff, v6 >> 32 & 0xffff);
    if (address_v4 == NULL || address_v6 == NULL ||
        !set_default(network, "ipv4.address", true, address_v4, &was_set, arena) ||
        (was_set && !set_default(network, "ipv4.nat", false, "true", &was_set, arena)) ||
        !set_default(network, "ipv6.address", true, address_v6, &was_set, arena) ||
        (was_set && !set_default(network, "ipv6.nat", false, "true", &was_set, arena)) ||
        (network->type == NETWORK_OVN &&
         !set_default(network, "bridge.mtu", false, OVN_MTU, &was_set, arena))) {
        return error_no_memory(error);
    }
    return ERROR_NONE;
}
