/* listen_ports.h - the ports that something listens on, each once a protocol. */
#ifndef LBSTATE_LB_LISTEN_PORTS_H
#define LBSTATE_LB_LISTEN_PORTS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* A bit for each port. A zeroed one is empty. */
struct listen_ports {
    uint8_t tcp[65536 / 8];
    uint8_t udp[65536 / 8];
};

/* INDEX is that of the port specification, for messages. ERROR_INVALID: `Invalid port
 * protocol in port specification 0, protocol must be one of: tcp, udp`. */
int listen_ports_check_protocol(const char *protocol, size_t index, struct error *error);

/* Adds the list LISTEN_PORT ("80,8000-8010") of a PROTOCOL that was checked, and says
 * how many ports it has. ERROR_INVALID: `Missing listen port in port specification 0`,
 * `Invalid listen port in port specification 0: ...`, `Duplicate listen port 80 for
 * protocol "tcp" in port specification 1`; ERROR_NO_MEMORY. Some were added then. */
int listen_ports_add(struct listen_ports *taken, const char *protocol, const char *listen_port,
                     size_t index, size_t *ret_n, struct error *error);

#endif
