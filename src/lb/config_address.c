#include "lb/config_address.h"

#include "lb/ip.h"
#include "lb/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define INTERFACE_NAME_MIN 2
#define INTERFACE_NAME_MAX 15
#define VLAN_MAX           4094

int config_parse_subnet(const char *value, struct ip_subnet *ret_subnet, struct error *error)
{
    if (!ip_subnet_parse(value, ret_subnet)) {
        return error_set(error, ERROR_INVALID, "%s isn't an address with a prefix length",
                         TEXT_QUOTED(value));
    }
    return ERROR_NONE;
}

int config_check_address(const struct config_rule *rule, const char *value, struct error *error)
{
    struct ip ip;

    (void)rule;
    if (!ip_parse(value, &ip)) {
        return error_set(error, ERROR_INVALID, "Not an IP address %s", TEXT_QUOTED(value));
    }
    return ERROR_NONE;
}

static int check_address(int family, const char *value, struct error *error)
{
    struct ip ip;

    if (!ip_parse(value, &ip) || ip.family != family) {
        return error_set(error, ERROR_INVALID, "Not an IPv%d address %s", family,
                         TEXT_QUOTED(value));
    }
    return ERROR_NONE;
}

int config_check_address_v4(const struct config_rule *rule, const char *value, struct error *error)
{
    (void)rule;
    return check_address(4, value, error);
}

int config_check_address_v6(const struct config_rule *rule, const char *value, struct error *error)
{
    (void)rule;
    return check_address(6, value, error);
}

static bool has_host_bits(const struct ip_subnet *subnet)
{
    struct ip first = ip_subnet_first(subnet);

    return ip_compare(&first, &subnet->address) != 0;
}

static int check_cidr(int family, bool allow_single, const char *value, struct error *error)
{
    struct ip_subnet subnet;
    int rv = config_parse_subnet(value, &subnet, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (subnet.address.family != family) {
        return error_set(error, ERROR_INVALID, "Not an IPv%d address %s", family,
                         TEXT_QUOTED(value));
    }
    if (allow_single && subnet.prefix == (family == 4 ? 32 : 128)) {
        return ERROR_NONE;
    }
    if (!has_host_bits(&subnet)) {
        return error_set(error, ERROR_INVALID, "Not a usable IPv%d address %s", family,
                         TEXT_QUOTED(value));
    }
    return ERROR_NONE;
}

int config_check_cidr_v4(const struct config_rule *rule, const char *value, struct error *error)
{
    (void)rule;
    return check_cidr(4, false, value, error);
}

int config_check_cidr_v6(const struct config_rule *rule, const char *value, struct error *error)
{
    (void)rule;
    return check_cidr(6, false, value, error);
}

int config_check_cidr_or_single_v4(const struct config_rule *rule, const char *value,
                                   struct error *error)
{
    (void)rule;
    return check_cidr(4, true, value, error);
}

int config_check_cidr_or_single_v6(const struct config_rule *rule, const char *value,
                                   struct error *error)
{
    (void)rule;
    return check_cidr(6, true, value, error);
}

int config_check_cidr_or_network_v6(const struct config_rule *rule, const char *value,
                                    struct error *error)
{
    struct ip_subnet subnet;

    (void)rule;
    if (!ip_subnet_parse(value, &subnet) || subnet.address.family != 6) {
        return error_set(error, ERROR_INVALID, "%s isn't a valid value", TEXT_QUOTED(value));
    }
    return ERROR_NONE;
}

static int check_network(int family, const char *value, struct error *error)
{
    struct ip_subnet subnet;
    int rv = config_parse_subnet(value, &subnet, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (subnet.address.family != family) {
        return error_set(error, ERROR_INVALID, "Not an IPv%d network %s", family,
                         TEXT_QUOTED(value));
    }
    if (has_host_bits(&subnet)) {
        return error_set(error, ERROR_INVALID, "Not an IPv%d network address %s", family,
                         TEXT_QUOTED(value));
    }
    return ERROR_NONE;
}

int config_check_network_v4(const struct config_rule *rule, const char *value, struct error *error)
{
    (void)rule;
    return check_network(4, value, error);
}

int config_check_network_v6(const struct config_rule *rule, const char *value, struct error *error)
{
    (void)rule;
    return check_network(6, value, error);
}

static int check_address_range(int family, const char *value, struct error *error)
{
    const char *dash = strchr(value, '-');
    size_t size = dash == NULL ? 0 : (size_t)(dash - value);
    char first[IP_TEXT_SIZE];
    int rv;

    if (dash == NULL) {
        return error_set(error, ERROR_INVALID, "IP range must contain start and end IP addresses");
    }
    /* What is too long for an address stays one that is none when it is cut. */
    snprintf(first, sizeof first, "%.*s", size < sizeof first ? (int)size : IP_TEXT_SIZE, value);
    rv = check_address(family, first, error);
    return rv != ERROR_NONE ? rv : check_address(family, dash + 1, error);
}

int config_check_range_v4(const struct config_rule *rule, const char *value, struct error *error)
{
    (void)rule;
    return check_address_range(4, value, error);
}

int config_check_range_v6(const struct config_rule *rule, const char *value, struct error *error)
{
    (void)rule;
    return check_address_range(6, value, error);
}

int config_check_dhcp_routes(const struct config_rule *rule, const char *value, struct error *error)
{
    struct text_list list;
    const char *item;
    bool gateway = false; /* Whether one comes next. */
    int rv = ERROR_NONE;

    (void)rule;
    if (!text_list_init(&list, value)) {
        return error_no_memory(error);
    }
    while (rv == ERROR_NONE && (item = text_list_next(&list)) != NULL) {
        rv = gateway ? check_address(4, item, error) : check_network(4, item, error);
        gateway = !gateway;
    }
    text_list_close(&list);
    if (rv == ERROR_NONE && gateway) {
        const char *comma = strrchr(value, ',');
        rv = error_set(error, ERROR_INVALID, "missing gateway for route %s",
                       comma == NULL ? value : comma + 1);
    }
    return rv;
}

int config_check_interface(const struct config_rule *rule, const char *value, struct error *error)
{
    size_t size = strlen(value);

    (void)rule;
    if (size < INTERFACE_NAME_MIN) {
        return error_set(error, ERROR_INVALID,
                         "Network interface is too short (minimum %d characters)",
                         INTERFACE_NAME_MIN);
    }
    if (size > INTERFACE_NAME_MAX) {
        return error_set(error, ERROR_INVALID,
                         "Network interface is too long (maximum %d characters)",
                         INTERFACE_NAME_MAX);
    }
    for (const char *p = value; *p != '\0'; p++) {
        bool alphanumeric = (unsigned char)*p < 0x80 && isalnum((unsigned char)*p);

        if (!alphanumeric && strchr("-_.", *p) == NULL) {
            return error_set(error, ERROR_INVALID, "Network interface contains invalid characters");
        }
    }
    return ERROR_NONE;
}

static int check_part(const char *part, size_t size, struct error *error)
{
    char name[INTERFACE_NAME_MAX + 2]; /* One more than allowed, so that it is seen. */
    int rv;

    snprintf(name, sizeof name, "%.*s", (int)(size < sizeof name ? size : sizeof name), part);
    rv = config_check_interface(NULL, name, error);
    if (rv != ERROR_NONE) {
        error_prefix(error, "Invalid interface name %s: ", TEXT_QUOTED(name));
    }
    return rv;
}

int config_check_external_interface(const struct config_rule *rule, const char *value,
                                    struct error *error)
{
    const char *slash = strchr(value, '/');
    const char *second = slash == NULL ? NULL : strchr(slash + 1, '/');
    uint64_t vlan;
    int rv;

    (void)rule;
    if (second == NULL || strchr(second + 1, '/') != NULL) {
        return check_part(value, strlen(value), error);
    }
    rv = check_part(value, (size_t)(slash - value), error);
    if (rv == ERROR_NONE) {
        rv = check_part(slash + 1, (size_t)(second - slash - 1), error);
    }
    if (rv == ERROR_NONE && (!config_parse_uint(second + 1, VLAN_MAX, &vlan) || vlan < 1)) {
        rv = error_set(error, ERROR_INVALID, "Invalid VLAN ID %s", TEXT_QUOTED(second + 1));
    }
    return rv;
}

/* Six pairs of DIGITS, separated by colons. */
static bool is_mac(const char *value, const char *digits)
{
    for (int i = 0; i < 17; i++) {
        if (value[i] == '\0' || (i % 3 == 2 ? value[i] != ':' : strchr(digits, value[i]) == NULL)) {
            return false;
        }
    }
    return value[17] == '\0';
}

int config_check_mac(const struct config_rule *rule, const char *value, struct error *error)
{
    (void)rule;
    if (!is_mac(value, "0123456789abcdefABCDEF")) {
        return error_set(error, ERROR_INVALID,
                         "Invalid MAC address, must be 6 bytes of hex separated by colons");
    }
    return ERROR_NONE;
}

int config_check_mac_pattern(const struct config_rule *rule, const char *value, struct error *error)
{
    (void)rule;
    if (!is_mac(value, "0123456789abcdefABCDEFxX")) {
        return error_set(error, ERROR_INVALID,
                         "Invalid MAC address pattern, must be 6 bytes (hex characters or `x` to "
                         "denote a wildcard) separated by colons");
    }
    return ERROR_NONE;
}

int config_check_mtu(const struct config_rule *rule, const char *value, struct error *error)
{
    uint64_t mtu;

    (void)rule;
    if (!config_parse_uint(value, UINT32_MAX, &mtu)) {
        return error_set(error, ERROR_INVALID, "Invalid MTU %s", TEXT_QUOTED(value));
    }
    if (mtu < 1280 || mtu > 16384) {
        return error_set(error, ERROR_INVALID, "Out of MTU range (1280-16384) %s",
                         TEXT_QUOTED(value));
    }
    return ERROR_NONE;
}

int config_check_vlan(const struct config_rule *rule, const char *value, struct error *error)
{
    int64_t vlan;

    (void)rule;
    if (!config_parse_int(value, &vlan)) {
        return error_set(error, ERROR_INVALID, "Invalid VLAN ID %s", TEXT_QUOTED(value));
    }
    if (vlan < 0 || vlan > VLAN_MAX) {
        return error_set(error, ERROR_INVALID, "Out of VLAN ID range (0-%d) %s", VLAN_MAX,
                         TEXT_QUOTED(value));
    }
    return ERROR_NONE;
}

int config_check_vlan_range(const struct config_rule *rule, const char *value, struct error *error)
{
    const char *dash = strchr(value, '-');
    char first_text[16];
    uint64_t first;
    uint64_t last;
    size_t size;

    if (dash == NULL || strchr(dash + 1, '-') != NULL) {
        if (config_check_vlan(rule, value, error) == ERROR_NONE) {
            return ERROR_NONE;
        }
        return error_set(error, ERROR_INVALID, "Invalid VLAN range input: %s", value);
    }
    size = (size_t)(dash - value);
    if (size < sizeof first_text) {
        memcpy(first_text, value, size);
        first_text[size] = '\0';
    }
    if (size >= sizeof first_text || !config_parse_uint(first_text, VLAN_MAX, &first) ||
        !config_parse_uint(dash + 1, VLAN_MAX, &last)) {
        return error_set(error, ERROR_INVALID, "Invalid VLAN range boundary. start:%.*s, end:%s",
                         (int)(size < ERROR_MESSAGE_SIZE ? size : ERROR_MESSAGE_SIZE), value,
                         dash + 1);
    }
    if (first > last) {
        return error_set(error, ERROR_INVALID,
                         "Invalid VLAN range boundary. start:%" PRIu64
                         " is higher than end:%" PRIu64,
                         first, last);
    }
    return ERROR_NONE;
}

int config_check_tunnel_port(const struct config_rule *rule, const char *value, struct error *error)
{
    int64_t port;

    (void)rule;
    if (!config_parse_int(value, &port)) {
        return error_set(error, ERROR_INVALID, "Invalid value for an integer: %s", value);
    }
    if (port < 1 || port > 65535) {
        return error_set(error, ERROR_INVALID, "Invalid port number: %s", value);
    }
    return ERROR_NONE;
}
