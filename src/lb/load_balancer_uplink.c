#include "lb/load_balancer.h"

#include "lb/config_address.h"
#include "lb/config_key.h"
#include "lb/network.h"
#include "lb/restricted_subnet.h"
#include "lb/text.h"

#include <string.h>

/* Whether one of the subnets in the list ROUTES contains IP. */
static int find_route(const char *routes, const struct ip *ip, bool *ret_found, struct error *error)
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
        found = found || (rv == ERROR_NONE && ip_subnet_contains(&route, ip));
    }
    text_list_close(&list);
    *ret_found = found;
    return rv;
}

int load_balancer_check_uplink(const struct ip *listen, const struct network *uplink,
                               struct error *error)
{
    const char *routes = string_map_get_or_empty(
        &uplink->config, listen->family == 4 ? "ipv4.routes" : "ipv6.routes");
    struct ip_subnet gateway;
    char host[IP_TEXT_SIZE];
    bool found;
    int rv;

    ip_format_host(listen, host);
    rv = find_route(routes, listen, &found, error);
    if (rv != ERROR_NONE || found) {
        return rv;
    }
    if (!network_gateway_subnet(uplink, listen->family, &gateway) ||
        !ip_subnet_contains(&gateway, listen)) {
        return error_set(error, ERROR_INVALID, "Uplink network doesn't contain %s in its routes",
                         TEXT_QUOTED(host));
    }
    if (ip_compare(&gateway.address, listen) == 0) {
        return error_set(error, ERROR_INVALID, "Requested subnet %s would mask the uplink gateway",
                         TEXT_QUOTED(host));
    }
    return ERROR_NONE;
}

int load_balancer_check_project(const struct ip *listen, const char *uplink_name,
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
            found = found || ip_subnet_contains(&allowed.subnet, listen);
        }
    }
    text_list_close(&list);
    if (rv == ERROR_NONE && !found) {
        char host[IP_TEXT_SIZE];

        ip_format_host(listen, host);
        rv = error_set(error, ERROR_INVALID,
                       "Project doesn't contain %s in its restricted uplink subnets",
                       TEXT_QUOTED(host));
    }
    return rv;
}
