#include "lb/listener.h"

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

int listener_check_uplink(const struct ip *listen, const struct network *uplink,
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

int listener_check_project(const struct ip *listen, const char *uplink_name,
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

int listener_check_config(const struct string_map *config, const struct config_rule *rules,
                          struct error *error)
{
    if (config->n_pairs > LISTENER_CONFIG_KEYS_MAX) {
        return error_set(error, ERROR_INVALID, "Too many options: %zu, at most %d", config->n_pairs,
                         LISTENER_CONFIG_KEYS_MAX);
    }
    for (size_t i = 0; i < config->n_pairs; i++) {
        const struct string_pair *pair = &config->pairs[i];
        const struct config_rule *rule;
        int rv;

        if (config_is_user_key(pair->key)) {
            continue;
        }
        rule = config_rule_find(rules, pair->key);
        if (rule == NULL) {
            return error_set(error, ERROR_INVALID, "Invalid option %s", TEXT_QUOTED(pair->key));
        }
        rv = config_rule_check(rule, pair->value, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    return ERROR_NONE;
}

int listener_target_subnet(const struct network *network, int family, const char *targets,
                           struct ip_subnet *ret_subnet, bool *ret_has_subnet, struct error *error)
{
    const char *key = family == 4 ? "ipv4.address" : "ipv6.address";
    const char *address = string_map_get_or_empty(&network->config, key);
    int rv = ERROR_NONE;

    if (*address != '\0') {
        rv = config_parse_subnet(address, ret_subnet, error);
        if (rv != ERROR_NONE) {
            return error_prefix(error, "The network has no subnet for the %s, its %s: ", targets,
                                key);
        }
    }
    *ret_has_subnet = *address != '\0';
    return rv;
}

int listener_compare_addresses(const char *a, const char *b)
{
    struct ip first;
    struct ip second;
    bool first_valid = ip_parse(a, &first);
    bool second_valid = ip_parse(b, &second);

    if (first_valid && second_valid) {
        return ip_compare(&first, &second);
    }
    /* Stored addresses are valid; the order is total all the same. */
    if (first_valid != second_valid) {
        return first_valid ? -1 : 1;
    }
    return strcmp(a, b);
}
