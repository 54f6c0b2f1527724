#include "lb/health.h"

#include "lb/config_key.h"
#include "lb/port.h"

#include <string.h>

/* Bits of the ports that were written already. */
#define PORT_WORDS (65536 / 64)

/* Writes each port of LIST (comma-separated ranges) that isn't in SEEN. */
static void write_ports(struct json_writer *w, const char *protocol, const char *list,
                        uint64_t seen[PORT_WORDS])
{
    while (*list != '\0') {
        size_t size = strcspn(list, ",");
        struct port_range range;
        struct error error;
        char element[32];

        if (size < sizeof element) {
            memcpy(element, list, size);
            element[size] = '\0';
            if (port_range_parse(element, &range, &error) == ERROR_NONE) {
                for (unsigned port = range.first; port <= range.last; port++) {
                    if (seen[port / 64] >> port % 64 & 1) {
                        continue;
                    }
                    seen[port / 64] |= UINT64_C(1) << port % 64;
                    json_write_object_begin(w);
                    json_write_key(w, "protocol");
                    json_write_string(w, protocol);
                    json_write_key(w, "port");
                    json_write_integer(w, port);
                    json_write_key(w, "status");
                    json_write_string(w, "unknown");
                    json_write_object_end(w);
                }
            }
        }
        list += size + (list[size] == ',');
    }
}

static bool leads_to(const struct network_load_balancer_port *port, const char *backend)
{
    for (size_t i = 0; i < port->n_target_backend; i++) {
        if (strcmp(port->target_backend[i], backend) == 0) {
            return true;
        }
    }
    return false;
}

static void write_backend(struct json_writer *w, const struct network_load_balancer *lb,
                          const struct network_load_balancer_backend *backend)
{
    static const char *const protocols[] = {"tcp", "udp"};

    json_write_object_begin(w);
    json_write_key(w, "address");
    json_write_string(w, backend->target_address);
    json_write_key(w, "ports");
    json_write_array_begin(w);
    for (size_t p = 0; p < 2; p++) {
        uint64_t seen[PORT_WORDS] = {0};

        for (size_t i = 0; i < lb->n_ports; i++) {
            const struct network_load_balancer_port *port = &lb->ports[i];

            if (strcmp(port->protocol, protocols[p]) != 0 || !leads_to(port, backend->name)) {
                continue;
            }
            /* Without target ports, the listen ports are meant. */
            write_ports(w, protocols[p],
                        backend->target_port[0] == '\0' ? port->listen_port : backend->target_port,
                        seen);
        }
    }
    json_write_array_end(w);
    json_write_object_end(w);
}

void load_balancer_health_to_json(struct json_writer *w, const struct network_load_balancer *lb)
{
    json_write_object_begin(w);
    json_write_key(w, "backend_health");
    if (!config_is_true(string_map_get(&lb->config, "healthcheck"))) {
        json_write_null(w);
    } else {
        json_write_object_begin(w);
        for (size_t i = 0; i < lb->n_backends; i++) {
            json_write_key(w, lb->backends[i].name);
            write_backend(w, lb, &lb->backends[i]);
        }
        json_write_object_end(w);
    }
    json_write_object_end(w);
}
