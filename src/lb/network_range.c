#include "lb/network_range.h"

#include "lb/config_key.h"
#include "lb/text.h"

#include <stdio.h>
#include <string.h>

static void add_prefix(struct ip *ip, const struct ip_subnet *subnet)
{
    struct ip network = ip_subnet_first(subnet);

    if (ip->family == network.family && ip->bytes[0] == 0) {
        for (size_t i = 0; i < sizeof ip->bytes; i++) {
            ip->bytes[i] |= network.bytes[i];
        }
    }
}

int network_range_parse(const char *text, const struct ip_subnet *subnet,
                        struct ip_range *ret_range, struct error *error)
{
    struct ip_range range;

    if (strchr(text, '-') == NULL || !ip_range_parse(text, &range)) {
        return error_set(error, ERROR_INVALID, "IP range %s isn't a range of addresses",
                         TEXT_QUOTED(text));
    }
    if (subnet != NULL) {
        add_prefix(&range.first, subnet);
        add_prefix(&range.last, subnet);
        if (!ip_subnet_contains(subnet, &range.first) || !ip_subnet_contains(subnet, &range.last)) {
            struct ip_subnet allowed = {ip_subnet_first(subnet), subnet->prefix};
            char allowed_text[IP_TEXT_SIZE];

            ip_subnet_format(&allowed, allowed_text);
            return error_set(error, ERROR_INVALID,
                             "IP range %s does not fall within any of the allowed networks [%s]",
                             TEXT_QUOTED(text), allowed_text);
        }
    }
    *ret_range = range;
    return ERROR_NONE;
}

/* Whether any range of the list DHCP_RANGES overlaps with OVN_RANGE. */
static int check_overlap(const struct ip_range *ovn_range, const char *ovn_text,
                         const char *dhcp_ranges, const struct ip_subnet *subnet, int family,
                         struct error *error)
{
    struct text_list list;
    const char *item;
    int rv = ERROR_NONE;

    if (!text_list_init(&list, dhcp_ranges)) {
        return error_no_memory(error);
    }
    while (rv == ERROR_NONE && (item = text_list_next(&list)) != NULL) {
        struct ip_range range;

        rv = network_range_parse(item, subnet, &range, error);
        if (rv != ERROR_NONE) {
            error_prefix(error, "Failed parsing ipv%d.dhcp.ranges: ", family);
        } else if (ip_range_overlaps(ovn_range, &range)) {
            rv = error_set(error, ERROR_INVALID,
                           "The range specified in \"ipv%d.ovn.ranges\" (%s) cannot overlap with "
                           "\"ipv%d.dhcp.ranges\"",
                           family, TEXT_QUOTED(ovn_text), family);
        }
    }
    text_list_close(&list);
    return rv;
}

static const char *get(const struct network *network, int family, const char *key)
{
    char full[32];

    snprintf(full, sizeof full, "ipv%d.%s", family, key);
    return string_map_get_or_empty(&network->config, full);
}

static int check_family(const struct network *network, int family, struct error *error)
{
    const char *ovn_ranges = get(network, family, "ovn.ranges");
    const char *dhcp_ranges = get(network, family, "dhcp.ranges");
    struct ip_subnet subnet;
    bool has_subnet = ip_subnet_parse(get(network, family, "address"), &subnet);
    /* Without stateful DHCPv6 the addresses aren't handed out from ranges. */
    bool hands_out = family == 4 || config_is_true(get(network, family, "dhcp.stateful"));
    struct text_list list;
    const char *item;
    int rv = ERROR_NONE;

    if (*ovn_ranges == '\0' || config_is_false(get(network, family, "dhcp"))) {
        return ERROR_NONE;
    }
    if (has_subnet && hands_out && *dhcp_ranges == '\0') {
        return error_set(error, ERROR_INVALID,
                         "\"ipv%d.ovn.ranges\" must be used in conjunction with non-overlapping "
                         "\"ipv%d.dhcp.ranges\" when %s is enabled",
                         family, family, family == 4 ? "DHCPv4" : "stateful DHCPv6");
    }
    if (!text_list_init(&list, ovn_ranges)) {
        return error_no_memory(error);
    }
    while (rv == ERROR_NONE && (item = text_list_next(&list)) != NULL) {
        struct ip_range range;

        rv = network_range_parse(item, has_subnet ? &subnet : NULL, &range, error);
        if (rv != ERROR_NONE) {
            error_prefix(error, "Failed parsing ipv%d.ovn.ranges: ", family);
        } else if (hands_out && *dhcp_ranges != '\0') {
            rv = check_overlap(&range, item, dhcp_ranges, has_subnet ? &subnet : NULL, family,
                               error);
        }
    }
    text_list_close(&list);
    return rv;
}

int network_check_bridge_ranges(const struct network *network, struct error *error)
{
    int rv = check_family(network, 4, error);

    return rv != ERROR_NONE ? rv : check_family(network, 6, error);
}
