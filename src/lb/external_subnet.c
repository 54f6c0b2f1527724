#include "lb/external_subnet.h"

#include "lb/config_address.h"
#include "lb/config_key.h"
#include "lb/network.h"
#include "lb/restricted_subnet.h"
#include "lb/text.h"

#include <string.h>

struct ip_subnet external_subnet_of_host(const struct ip *ip)
{
    return (struct ip_subnet){.address = *ip, .prefix = ip->family == 4 ? 32 : 128};
}

/* Whether one of the subnets in the list ROUTES contains SUBNET. */
static int find_route(const char *routes, const struct ip_subnet *subnet, bool *ret_found,
                      struct error *error)
{
    struct text_list list;
    const char *item;
    bool found = false;
    int rv = ERROR_NONE;

    *ret_found = false;
    if (*routes == '\0') {
        return ERROR_NONE;
    }
    if (!text_list_init(&list, routes)) {
        return error_no_memory(error);
    }
    while (rv == ERROR_NONE && (item = text_list_next(&list)) != NULL) {
        struct ip_subnet route;

        rv = config_parse_subnet(item, &route, error);
        found = found || (rv == ERROR_NONE && ip_subnet_contains_subnet(&route, subnet));
    }
    text_list_close(&list);
    *ret_found = found;
    return rv;
}

int external_subnet_check_uplink(const struct ip_subnet *subnet, const struct network *uplink,
                                 struct error *error)
{
    const char *routes = string_map_get_or_empty(
        &uplink->config, subnet->address.family == 4 ? "ipv4.routes" : "ipv6.routes");
    struct ip_subnet gateway;
    char text[IP_TEXT_SIZE];
    bool found;
    int rv;

    ip_subnet_format(subnet, text);
    rv = find_route(routes, subnet, &found, error);
    if (rv != ERROR_NONE || found) {
        return rv;
    }
    if (!network_gateway_subnet(uplink, subnet->address.family, &gateway) ||
        !ip_subnet_contains_subnet(&gateway, subnet)) {
        return error_set(error, ERROR_INVALID, "Uplink network doesn't contain %s in its routes",
                         TEXT_QUOTED(text));
    }
    if (ip_subnet_contains(subnet, &gateway.address)) {
        return error_set(error, ERROR_INVALID, "Requested subnet %s would mask the uplink gateway",
                         TEXT_QUOTED(text));
    }
    return ERROR_NONE;
}

int external_subnet_check_project(const struct ip_subnet *subnet, const char *uplink_name,
                                  const struct string_map *project_config, struct error *error)
{
    const char *subnets = string_map_get_or_empty(project_config, "restricted.networks.subnets");
    struct text_list list;
    const char *item;
    bool found = false;
    int rv = ERROR_NONE;

    if (!config_is_true(string_map_get_or_empty(project_config, "restricted")) ||
        *subnets == '\0') {
        return ERROR_NONE;
    }
    if (!text_list_init(&list, subnets)) {
        return error_no_memory(error);
    }
    while (rv == ERROR_NONE && (item = text_list_next(&list)) != NULL) {
        struct restricted_subnet allowed;

        rv = restricted_subnet_parse(item, &allowed, error);
        if (rv != ERROR_NONE) {
            error_prefix(error, "Project restricted.networks.subnets: ");
        } else if (strlen(uplink_name) == allowed.uplink_size &&
                   memcmp(uplink_name, allowed.uplink, allowed.uplink_size) == 0) {
            found = found || ip_subnet_contains_subnet(&allowed.subnet, subnet);
        }
    }
    text_list_close(&list);
    if (rv == ERROR_NONE && !found) {
        char text[IP_TEXT_SIZE];

        ip_subnet_format(subnet, text);
        rv = error_set(error, ERROR_INVALID,
                       "Project doesn't contain %s in its restricted uplink subnets",
                       TEXT_QUOTED(text));
    }
    return rv;
}
