#include "lb/listener.h"

#include "lb/config_address.h"
#include "lb/config_key.h"
#include "lb/external_subnet.h"
#include "lb/network.h"
#include "lb/text.h"

#include <string.h>

int listener_check_uplink(const struct ip *listen, const struct network *uplink,
                          struct error *error)
{
    const struct ip_subnet host = external_subnet_of_host(listen);

    return external_subnet_check_uplink(&host, uplink, error);
}

int listener_check_project(const struct ip *listen, const char *uplink_name,
                           const struct string_map *project_config, struct error *error)
{
    const struct ip_subnet host = external_subnet_of_host(listen);

    return external_subnet_check_project(&host, uplink_name, project_config, error);
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
