#include "lb/network.h"

#include "lb/config_address.h"
#include "lb/name.h"
#include "lb/network_range.h"
#include "lb/network_rules.h"
#include "lb/text.h"

#include <stdio.h>
#include <string.h>

static const struct {
    enum network_type type;
    const char *name;
} types[] = {
    {NETWORK_BRIDGE, "bridge"},
    {NETWORK_OVN, "ovn"},
    {NETWORK_PHYSICAL, "physical"},
};

bool network_type_parse(const char *word, enum network_type *ret_type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].name, word) == 0) {
            *ret_type = types[i].type;
            return true;
        }
    }
    return false;
}

const char *network_type_name(enum network_type type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].type == type) {
            return types[i].name;
        }
    }
    return "unknown";
}

const char *network_state_name(enum network_state state)
{
    switch (state) {
    case NETWORK_PENDING:
        return "Pending";
    case NETWORK_CREATED:
        return "Created";
    case NETWORK_ERRORED:
        return "Errored";
    }
    return "Unknown";
}

int network_validate_name(const char *name, struct error *error)
{
    int rv;

    if (*name == '\0') {
        return error_set(error, ERROR_INVALID, "No name provided");
    }
    if (strcmp(name, "none") == 0) {
        return error_set(error, ERROR_INVALID, "Invalid network name: 'none' is a reserved name");
    }
    rv = name_validate(name, error);
    if (rv == ERROR_NONE && strchr(name, ':') != NULL) {
        rv = error_set(error, ERROR_INVALID, "Cannot contain \":\"");
    }
    if (rv != ERROR_NONE) {
        error_prefix(error, "Invalid network name: ");
    }
    return rv;
}

/* A bridge is an interface of the host, which bounds its name. */
static int check_bridge_name(const struct network *network, struct error *error)
{
    int rv = ERROR_NONE;

    if (network->type == NETWORK_BRIDGE) {
        rv = config_check_interface(NULL, network->name, error);
        if (rv != ERROR_NONE) {
            error_prefix(error, "Invalid network name: ");
        }
    }
    return rv;
}

static size_t count_dots(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++) {
        n += *text == '.' ? 1 : 0;
    }
    return n;
}

/* The shape of a key that has a name in its middle. */
static int check_dynamic_key(const struct network *network, const char *key, struct error *error)
{
    /* The interface of a tunnel is named network-tunnel, on OVN with a number after it. */
    const size_t suffix = network->type == NETWORK_OVN ? 2 : 0;

    if (strncmp(key, "tunnel.", 7) == 0 && network->type != NETWORK_PHYSICAL) {
        const char *name = key + 7;
        size_t size = strcspn(name, ".");

        if (count_dots(key) != 2) {
            return error_set(error, ERROR_INVALID, "Invalid network configuration key: %s", key);
        }
        if (strlen(network->name) + size + suffix > NETWORK_NAME_MAX - 1) {
            return error_set(error, ERROR_INVALID,
                             "Network name too long for tunnel interface: %s-%.*s%s", network->name,
                             (int)(size < ERROR_MESSAGE_SIZE ? size : ERROR_MESSAGE_SIZE), name,
                             suffix > 0 ? "-xx" : "");
        }
    }
    if (strncmp(key, "bgp.peers.", 10) == 0 && network->type != NETWORK_OVN) {
        if (count_dots(key) != 3) {
            return error_set(error, ERROR_INVALID, "Invalid network configuration key: %s",
                             TEXT_QUOTED(key));
        }
    }
    return ERROR_NONE;
}

/* A peer is reached by its address or through an interface. */
static int check_bgp_peer(const struct network *network, const char *key, const char *value,
                          struct error *error)
{
    static const char suffix[] = ".interface";
    size_t size = strlen(key);

    if (strncmp(key, "bgp.peers.", 10) != 0 || *value == '\0' || size < sizeof suffix ||
        strcmp(key + size - (sizeof suffix - 1), suffix) != 0) {
        return ERROR_NONE;
    }
    size -= sizeof suffix - 1;
    for (size_t i = 0; i < network->config.n_pairs; i++) {
        const struct string_pair *other = &network->config.pairs[i];

        if (strncmp(other->key, key, size) == 0 && strcmp(other->key + size, ".address") == 0 &&
            *other->value != '\0') {
            struct text_quoted quoted;
            return error_set(error, ERROR_INVALID, "Cannot use both %s and %s",
                             text_quote(&quoted, other->key), TEXT_QUOTED(key));
        }
    }
    return ERROR_NONE;
}

static int check_value(const struct network *network, const struct config_rule *rule,
                       const char *key, const char *value, struct error *error)
{
    int rv = check_bgp_peer(network, key, value, error);

    if (rv == ERROR_NONE) {
        rv = config_rule_check(rule, value, error);
    }
    if (rv == ERROR_INVALID) {
        struct text_quoted quoted;
        error_prefix(error,
                     "Invalid value for network %s option %s: ", text_quote(&quoted, network->name),
                     TEXT_QUOTED(key));
    }
    return rv;
}

/* The keys without a rule of their own. */
static int check_other_key(const struct network *network, const struct string_pair *pair,
                           struct error *error)
{
    const struct config_rule *rule;
    struct text_quoted quoted;

    if (config_is_user_key(pair->key) || strncmp(pair->key, "volatile.", 9) == 0) {
        return ERROR_NONE;
    }
    rule = network_dynamic_rule(network->type, pair->key);
    if (rule != NULL) {
        return check_value(network, rule, pair->key, pair->value, error);
    }
    return error_set(error, ERROR_INVALID, "Invalid option for network %s option %s",
                     text_quote(&quoted, network->name), TEXT_QUOTED(pair->key));
}

static int check_ovn(const struct network *network, struct error *error)
{
    const struct string_map *config = &network->config;
    const char *v6_dhcp = string_map_get_or_empty(config, "ipv6.dhcp");
    struct ip_subnet subnet;

    if (ip_subnet_parse(string_map_get_or_empty(config, "ipv4.address"), &subnet) &&
        subnet.prefix < 31) {
        struct ip reserved = ip_subnet_last(&subnet);

        reserved.bytes[3]--; /* The broadcast address is odd. */
        if (ip_compare(&reserved, &subnet.address) == 0) {
            char text[IP_TEXT_SIZE];

            ip_format(&reserved, text);
            return error_set(error, ERROR_INVALID,
                             "'ipv4.address' cannot be set to %s because it is reserved for OVN "
                             "load-balancer health checks",
                             text);
        }
    }
    if (ip_subnet_parse(string_map_get_or_empty(config, "ipv6.address"), &subnet) &&
        subnet.prefix > 64) {
        return error_set(error, ERROR_INVALID, "IPv6 subnet must be at least a /64");
    }
    if (*string_map_get_or_empty(config, "network") == '\0') {
        return error_set(error, ERROR_INVALID, "Option \"network\" is required");
    }
    if (config_is_true(string_map_get_or_empty(config, "ipv6.l3only")) &&
        (*v6_dhcp == '\0' || config_is_true(v6_dhcp)) &&
        !config_is_true(string_map_get_or_empty(config, "ipv6.dhcp.stateful"))) {
        return error_set(error, ERROR_INVALID,
                         "The ipv6.dhcp.stateful setting must be enabled when using ipv6.l3only "
                         "mode with ipv6.dhcp enabled");
    }
    return ERROR_NONE;
}

int network_validate(const struct network *network, struct error *error)
{
    const struct config_rule *rules = network_rules(network->type);
    const struct string_map *config = &network->config;
    int rv = ERROR_NONE;

    if (rules == NULL) {
        return error_set(error, ERROR_INVALID, "Unknown driver");
    }
    rv = check_bridge_name(network, error);
    for (size_t i = 0; rv == ERROR_NONE && i < config->n_pairs; i++) {
        rv = check_dynamic_key(network, config->pairs[i].key, error);
    }
    for (const struct config_rule *rule = rules; rv == ERROR_NONE && rule->key != NULL; rule++) {
        rv = check_value(network, rule, rule->key, string_map_get_or_empty(config, rule->key),
                         error);
    }
    for (size_t i = 0; rv == ERROR_NONE && i < config->n_pairs; i++) {
        if (config_rule_find(rules, config->pairs[i].key) == NULL) {
            rv = check_other_key(network, &config->pairs[i], error);
        }
    }
    if (rv == ERROR_NONE && network->type == NETWORK_OVN) {
        rv = check_ovn(network, error);
    }
    if (rv == ERROR_NONE && network->type == NETWORK_BRIDGE) {
        rv = network_check_bridge_ranges(network, error);
    }
    return rv;
}
