#include "lb/forward.h"

#include "lb/listener.h"
#include "lb/normalise.h"
#include "lb/text.h"

#include <string.h>

static bool normalise_port(struct network_forward_port *port, struct arena *arena)
{
    return normalise_text(&port->description, arena) && normalise_text(&port->protocol, arena) &&
           normalise_list(&port->listen_port, arena) && normalise_list(&port->target_port, arena) &&
           normalise_address(&port->target_address, arena);
}

/* Unlike a port's target, the default one isn't trimmed: so it is with Incus. */
static bool normalise_default_target(struct string_map *config, struct arena *arena)
{
    const char *target = string_map_get_or_empty(config, "target_address");
    char canonical[IP_TEXT_SIZE];
    char *copy;
    struct ip ip;

    if (!ip_parse(target, &ip)) {
        return true;
    }
    ip_format(&ip, canonical);
    copy = arena_strdup(arena, canonical);
    return copy != NULL && string_map_set(config, arena, "target_address", copy);
}

int forward_normalise(struct network_forward *forward, struct arena *arena, struct error *error)
{
    normalise_or_empty(&forward->listen_address);
    normalise_or_empty(&forward->location);
    if (!normalise_text(&forward->description, arena) ||
        !normalise_default_target(&forward->config, arena)) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < forward->n_ports; i++) {
        if (!normalise_port(&forward->ports[i], arena)) {
            return error_no_memory(error);
        }
    }
    return ERROR_NONE;
}

int forward_parse_listen_address(const char *raw, struct ip *ret_ip, struct error *error)
{
    if (!ip_parse(raw, ret_ip)) {
        return error_set(error, ERROR_INVALID, "Invalid forward listen address %s", raw);
    }
    return ERROR_NONE;
}

static bool same_port(const struct network_forward_port *a, const struct network_forward_port *b)
{
    return text_equal(a->description, b->description) && text_equal(a->protocol, b->protocol) &&
           text_equal(a->listen_port, b->listen_port) &&
           text_equal(a->target_port, b->target_port) &&
           text_equal(a->target_address, b->target_address) && a->snat == b->snat;
}

bool forward_equal(const struct network_forward *a, const struct network_forward *b)
{
    if (!text_equal(a->listen_address, b->listen_address) ||
        !text_equal(a->description, b->description) || !string_map_equal(&a->config, &b->config) ||
        a->n_ports != b->n_ports) {
        return false;
    }
    for (size_t i = 0; i < a->n_ports; i++) {
        if (!same_port(&a->ports[i], &b->ports[i])) {
            return false;
        }
    }
    return true;
}

int forward_compare(const void *a, const void *b)
{
    const struct network_forward *first = a;
    const struct network_forward *second = b;

    return listener_compare_addresses(first->listen_address, second->listen_address);
}
