#include "lb/forward.h"

#include "lb/listen_ports.h"
#include "lb/listener.h"
#include "lb/port.h"
#include "lb/text.h"

/* What the targets of a forward are held against. */
struct target_rules {
    const struct ip *listen;
    const struct ip_subnet *subnet;  /* NULL: the network has none of this family. */
    const struct ip *default_target; /* NULL: there is none. */
};

/* Its address is checked after the others, with messages of its own. */
static const struct config_rule config_rules[] = {
    {.key = "target_address"},
    {0},
};

static bool is_unspecified(const struct ip *ip)
{
    const struct ip any = {.family = ip->family};

    return ip_compare(ip, &any) == 0;
}

static bool is_broadcast(const struct ip_subnet *subnet, const struct ip *ip)
{
    struct ip last;

    if (subnet == NULL || ip->family != 4) {
        return false;
    }
    last = ip_subnet_last(subnet);
    return ip_compare(ip, &last) == 0;
}

static bool is_network_id(const struct ip_subnet *subnet, const struct ip *ip)
{
    struct ip first;

    if (subnet == NULL) {
        return false;
    }
    first = ip_subnet_first(subnet);
    return ip_compare(ip, &first) == 0;
}

static int check_default_target(const char *text, const struct target_rules *rules,
                                struct ip *ret_target, struct error *error)
{
    struct ip target;

    if (!ip_parse(text, &target)) {
        return error_set(error, ERROR_INVALID, "Invalid default target address");
    }
    if (target.family != rules->listen->family) {
        return error_set(error, ERROR_INVALID,
                         "Cannot mix IP versions in listen address and default target address");
    }
    if (rules->subnet != NULL && !ip_subnet_contains(rules->subnet, &target)) {
        return error_set(error, ERROR_INVALID,
                         "Default target address is not within the network subnet");
    }
    if (is_broadcast(rules->subnet, &target)) {
        return error_set(error, ERROR_INVALID,
                         "Default target address cannot be a broadcast address");
    }
    if (is_network_id(rules->subnet, &target)) {
        return error_set(error, ERROR_INVALID,
                         "Default target address cannot be a network ID address");
    }
    *ret_target = target;
    return ERROR_NONE;
}

static int check_target(const char *text, size_t index, const struct target_rules *rules,
                        struct error *error)
{
    struct ip target;

    if (!ip_parse(text, &target)) {
        return error_set(error, ERROR_INVALID, "Invalid target address in port specification %zu",
                         index);
    }
    if (rules->default_target != NULL && ip_compare(&target, rules->default_target) == 0) {
        return error_set(error, ERROR_INVALID,
                         "Target address is same as default target address in port "
                         "specification %zu",
                         index);
    }
    if (target.family != rules->listen->family) {
        return error_set(error, ERROR_INVALID,
                         "Cannot mix IP versions in listen address and port specification %zu "
                         "target address",
                         index);
    }
    if (rules->subnet != NULL && !ip_subnet_contains(rules->subnet, &target)) {
        return error_set(error, ERROR_INVALID,
                         "Target address is not within the network subnet in port "
                         "specification %zu",
                         index);
    }
    if (is_broadcast(rules->subnet, &target)) {
        /* The word "Default" is Incus'. */
        return error_set(error, ERROR_INVALID,
                         "Default target address cannot be a broadcast address");
    }
    return ERROR_NONE;
}

/* One target port serves any number of listen ports; several need as many. */
static int check_target_ports(const char *target_port, size_t index, size_t n_listen_ports,
                              struct error *error)
{
    size_t element;
    size_t n;
    int rv = port_list_count(target_port, &n, &element, error);

    if (rv == ERROR_INVALID) {
        return error_set(error, ERROR_INVALID, "Invalid target port in port specification %zu",
                         index);
    }
    if (rv == ERROR_NONE && n > 1 && n != n_listen_ports) {
        return error_set(error, ERROR_INVALID,
                         "Mismatch of listen port(s) and target port(s) count in port "
                         "specification %zu",
                         index);
    }
    return rv;
}

static int check_port(const struct network_forward_port *port, size_t index,
                      const struct target_rules *rules, enum network_type type,
                      struct listen_ports *taken, struct error *error)
{
    size_t n_listen_ports;
    int rv;

    rv = listen_ports_check_protocol(port->protocol, index, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = check_target(port->target_address, index, rules, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = listen_ports_add(taken, port->protocol, port->listen_port, index, &n_listen_ports, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (port->snat && type != NETWORK_BRIDGE) {
        return error_set(error, ERROR_INVALID, "SNAT can only be used with bridge networks");
    }
    return check_target_ports(port->target_port, index, n_listen_ports, error);
}

int forward_validate(const struct network_forward *forward, const struct ip *listen,
                     const struct network *network, struct error *error)
{
    const char *default_text = string_map_get_or_empty(&forward->config, "target_address");
    struct target_rules rules = {.listen = listen};
    struct listen_ports taken = {0};
    struct ip default_target;
    struct ip_subnet subnet;
    bool has_subnet;
    int rv;

    if (is_unspecified(listen)) {
        char address[IP_TEXT_SIZE];

        ip_format(listen, address);
        return error_set(error, ERROR_INVALID, "Cannot use unspecified address: \"%s\"", address);
    }
    rv = listener_target_subnet(network, listen->family, "targets", &subnet, &has_subnet, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rules.subnet = has_subnet ? &subnet : NULL;
    rv = listener_check_config(&forward->config, config_rules, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (*default_text != '\0') {
        rv = check_default_target(default_text, &rules, &default_target, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
        rules.default_target = &default_target;
    }
    if (forward->n_ports > LISTENER_PORTS_MAX) {
        return error_set(error, ERROR_INVALID, "Too many ports: %zu, at most %d", forward->n_ports,
                         LISTENER_PORTS_MAX);
    }
    for (size_t i = 0; rv == ERROR_NONE && i < forward->n_ports; i++) {
        rv = check_port(&forward->ports[i], i, &rules, network->type, &taken, error);
    }
    return rv;
}
