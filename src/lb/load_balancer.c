#include "lb/load_balancer.h"

#include "lb/listener.h"
#include "lb/load_balancer_rules.h"
#include "lb/normalise.h"
#include "lb/text.h"

#include <string.h>

static bool normalise_port(struct network_load_balancer_port *port, struct arena *arena)
{
    for (size_t i = 0; i < port->n_target_backend; i++) {
        normalise_or_empty(&port->target_backend[i]);
    }
    return normalise_text(&port->description, arena) && normalise_text(&port->protocol, arena) &&
           normalise_list(&port->listen_port, arena);
}

static bool normalise_backend(struct network_load_balancer_backend *backend, struct arena *arena)
{
    normalise_or_empty(&backend->name);
    return normalise_text(&backend->description, arena) &&
           normalise_address(&backend->target_address, arena) &&
           normalise_list(&backend->target_port, arena);
}

int load_balancer_normalise(struct network_load_balancer *lb, struct arena *arena,
                            struct error *error)
{
    size_t n = 0;

    normalise_or_empty(&lb->listen_address);
    normalise_or_empty(&lb->location);
    if (!normalise_text(&lb->description, arena)) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < lb->n_backends; i++) {
        if (!normalise_backend(&lb->backends[i], arena)) {
            return error_no_memory(error);
        }
    }
    for (size_t i = 0; i < lb->n_ports; i++) {
        if (!normalise_port(&lb->ports[i], arena)) {
            return error_no_memory(error);
        }
    }
    for (size_t i = 0; i < lb->config.n_pairs; i++) {
        const struct string_pair *pair = &lb->config.pairs[i];

        if (*pair->value != '\0' || !load_balancer_may_unset(pair->key)) {
            lb->config.pairs[n++] = *pair;
        }
    }
    lb->config.n_pairs = n;
    return ERROR_NONE;
}

int load_balancer_parse_listen_address(const char *raw, struct ip *ret_ip, struct error *error)
{
    if (!ip_parse(raw, ret_ip)) {
        return error_set(error, ERROR_INVALID, "Invalid load balancer listen address %s", raw);
    }
    return ERROR_NONE;
}

static bool same_backend(const struct network_load_balancer_backend *a,
                         const struct network_load_balancer_backend *b)
{
    return text_equal(a->name, b->name) && text_equal(a->description, b->description) &&
           text_equal(a->target_port, b->target_port) &&
           text_equal(a->target_address, b->target_address);
}

static bool same_port(const struct network_load_balancer_port *a,
                      const struct network_load_balancer_port *b)
{
    if (!text_equal(a->description, b->description) || !text_equal(a->protocol, b->protocol) ||
        !text_equal(a->listen_port, b->listen_port) || a->n_target_backend != b->n_target_backend) {
        return false;
    }
    for (size_t i = 0; i < a->n_target_backend; i++) {
        if (!text_equal(a->target_backend[i], b->target_backend[i])) {
            return false;
        }
    }
    return true;
}

bool load_balancer_equal(const struct network_load_balancer *a,
                         const struct network_load_balancer *b)
{
    if (!text_equal(a->listen_address, b->listen_address) ||
        !text_equal(a->description, b->description) || !string_map_equal(&a->config, &b->config) ||
        a->n_backends != b->n_backends || a->n_ports != b->n_ports) {
        return false;
    }
    for (size_t i = 0; i < a->n_backends; i++) {
        if (!same_backend(&a->backends[i], &b->backends[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < a->n_ports; i++) {
        if (!same_port(&a->ports[i], &b->ports[i])) {
            return false;
        }
    }
    return true;
}

int load_balancer_compare(const void *a, const void *b)
{
    const struct network_load_balancer *first = a;
    const struct network_load_balancer *second = b;

    return listener_compare_addresses(first->listen_address, second->listen_address);
}
