#include "lb/load_balancer.h"

#include "lb/listen_ports.h"
#include "lb/listener.h"
#include "lb/load_balancer_rules.h"
#include "lb/port.h"
#include "lb/text.h"

#include <string.h>

static const struct config_rule rules[] = {
    {.key = "healthcheck", .check = config_check_bool},
    {.key = "healthcheck.failure_count", .check = config_check_uint32, .required = true},
    {.key = "healthcheck.interval", .check = config_check_uint32, .required = true},
    {.key = "healthcheck.success_count", .check = config_check_uint32, .required = true},
    {.key = "healthcheck.timeout", .check = config_check_uint32, .required = true},
    {0},
};

/* A backend that was checked. */
struct known_backend {
    const char *name;
    size_t n_ports; /* Target ports; 0: those that the load balancer listens on. */
};

/* The checked ones so far, sorted by name. */
struct known_backends {
    struct known_backend items[LB_BACKENDS_MAX];
    size_t n_items;
};

const struct config_rule *load_balancer_rule(const char *key)
{
    return config_rule_find(rules, key);
}

bool load_balancer_may_unset(const char *key)
{
    const struct config_rule *rule = load_balancer_rule(key);

    return config_is_user_key(key) || (rule != NULL && !rule->required);
}

/* Where NAME stands, or where it belongs. */
static size_t find_backend(const struct known_backends *known, const char *name, bool *ret_found)
{
    size_t low = 0;
    size_t high = known->n_items;

    *ret_found = false;
    while (low < high && !*ret_found) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(known->items[middle].name, name);

        if (order == 0) {
            *ret_found = true;
            low = middle;
        } else if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Adds up the ports of the list TEXT, which may be empty. */
static int count_target_ports(const char *text, size_t backend, size_t *ret_n, struct error *error)
{
    size_t element;
    int rv = port_list_count(text, ret_n, &element, error);

    if (rv == ERROR_INVALID) {
        error_prefix(error, "Invalid backend port specification %zu in backend specification %zu: ",
                     element, backend);
    }
    return rv;
}

static int check_target_address(const struct network_load_balancer_backend *backend,
                                const struct ip *listen, const struct ip_subnet *subnet,
                                struct error *error)
{
    struct ip target;

    if (!ip_parse(backend->target_address, &target)) {
        return error_set(error, ERROR_INVALID, "Invalid target address for backend %s",
                         TEXT_QUOTED(backend->name));
    }
    if (target.family != listen->family) {
        return error_set(error, ERROR_INVALID,
                         "Cannot mix IP versions in listen address and backend %s target address",
                         TEXT_QUOTED(backend->name));
    }
    if (subnet != NULL && !ip_subnet_contains(subnet, &target)) {
        return error_set(error, ERROR_INVALID,
                         "Target address is not within the network subnet for backend %s",
                         TEXT_QUOTED(backend->name));
    }
    return ERROR_NONE;
}

static int check_backends(const struct network_load_balancer *lb, const struct ip *listen,
                          const struct ip_subnet *subnet, struct known_backends *known,
                          struct error *error)
{
    known->n_items = 0;
    if (lb->n_backends > LB_BACKENDS_MAX) {
        return error_set(error, ERROR_INVALID, "Too many backends: %zu, at most %d", lb->n_backends,
                         LB_BACKENDS_MAX);
    }
    for (size_t i = 0; i < lb->n_backends; i++) {
        const struct network_load_balancer_backend *backend = &lb->backends[i];
        struct known_backend item = {.name = backend->name};
        bool found;
        size_t at;
        int rv;

        if (text_has_space(backend->name)) {
            return error_set(error, ERROR_INVALID,
                             "Name cannot contain white space in backend specification %zu", i);
        }
        at = find_backend(known, backend->name, &found);
        if (found) {
            return error_set(error, ERROR_INVALID, "Duplicate name %s in backend specification %zu",
                             TEXT_QUOTED(backend->name), i);
        }
        rv = check_target_address(backend, listen, subnet, error);
        if (rv == ERROR_NONE) {
            rv = count_target_ports(backend->target_port, i, &item.n_ports, error);
        }
        if (rv != ERROR_NONE) {
            return rv;
        }
        memmove(known->items + at + 1, known->items + at,
                (known->n_items - at) * sizeof known->items[0]);
        known->items[at] = item;
        known->n_items++;
    }
    return ERROR_NONE;
}

/* One target port serves any number of listen ports; several need as many. */
static int check_target_backends(const struct network_load_balancer_port *port, size_t index,
                                 size_t n_listen_ports, const struct known_backends *known,
                                 struct error *error)
{
    for (size_t i = 0; i < port->n_target_backend; i++) {
        const char *name = port->target_backend[i];
        bool found;
        size_t at = find_backend(known, name, &found);

        if (!found) {
            return error_set(error, ERROR_INVALID,
                             "Invalid target backend name %s in port specification %zu",
                             TEXT_QUOTED(name), index);
        }
        if (known->items[at].n_ports > 1 && known->items[at].n_ports != n_listen_ports) {
            return error_set(error, ERROR_INVALID,
                             "Mismatch of listen port(s) and target port(s) count for backend %s "
                             "in port specification %zu",
                             TEXT_QUOTED(name), index);
        }
    }
    return ERROR_NONE;
}

static int check_ports(const struct network_load_balancer *lb, const struct known_backends *known,
                       struct error *error)
{
    struct listen_ports taken = {0};

    if (lb->n_ports > LISTENER_PORTS_MAX) {
        return error_set(error, ERROR_INVALID, "Too many ports: %zu, at most %d", lb->n_ports,
                         LISTENER_PORTS_MAX);
    }
    for (size_t i = 0; i < lb->n_ports; i++) {
        const struct network_load_balancer_port *port = &lb->ports[i];
        size_t n_listen_ports = 0;
        int rv;

        rv = listen_ports_check_protocol(port->protocol, i, error);
        if (rv == ERROR_NONE) {
            rv = listen_ports_add(&taken, port->protocol, port->listen_port, i, &n_listen_ports,
                                  error);
        }
        if (rv == ERROR_NONE) {
            rv = check_target_backends(port, i, n_listen_ports, known, error);
        }
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    return ERROR_NONE;
}

int load_balancer_validate(const struct network_load_balancer *lb, const struct ip *listen,
                           const struct network *network, struct error *error)
{
    struct known_backends known;
    struct ip_subnet subnet;
    bool has_subnet;
    int rv;

    rv = listener_target_subnet(network, listen->family, "backends", &subnet, &has_subnet, error);
    if (rv == ERROR_NONE) {
        rv = listener_check_config(&lb->config, rules, error);
    }
    if (rv == ERROR_NONE) {
        rv = check_backends(lb, listen, has_subnet ? &subnet : NULL, &known, error);
    }
    if (rv == ERROR_NONE) {
        rv = check_ports(lb, &known, error);
    }
    return rv;
}
