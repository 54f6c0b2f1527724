/* network_forward.h - a forward: a listen address on an uplink whose traffic goes
 * to addresses within the network. The record as Incus has it. */
#ifndef LBSTATE_ENTITY_NETWORK_FORWARD_H
#define LBSTATE_ENTITY_NETWORK_FORWARD_H

#include "base/string_map.h"
#include "db/entity.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

//generate-database:mapper target network_forward.mapper
//
//generate-database:mapper json -e network_forward_port description protocol listen_port target_port target_address snat
//
//generate-database:mapper stmt -e network_forward objects-by-NetworkID table=networks_forwards
//generate-database:mapper stmt -e network_forward objects-by-NetworkID-and-ListenAddress
//generate-database:mapper stmt -e network_forward id
//generate-database:mapper stmt -e network_forward create
//generate-database:mapper stmt -e network_forward update
//generate-database:mapper stmt -e network_forward delete-by-NetworkID-and-ListenAddress
//
//generate-database:mapper method -e network_forward GetMany references=Config
//generate-database:mapper method -e network_forward GetOne
//generate-database:mapper method -e network_forward Exists
//generate-database:mapper method -e network_forward Create references=Config
//generate-database:mapper method -e network_forward Update references=Config
//generate-database:mapper method -e network_forward DeleteOne-by-NetworkID-and-ListenAddress
//
//generate-database:mapper json -e network_forward description config ports listen_address location

struct network_forward_port {
    const char *description;
    const char *protocol;
    const char *listen_port;
    const char *target_port; /* "": the port that was listened on. */
    const char *target_address;
    bool snat;
};

struct network_forward {
    int64_t id;
    int64_t network_id;         //db: primary=yes
    const char *listen_address; //db: primary=yes
    const char *description;
    struct network_forward_port *ports; //db: marshal=json
    size_t n_ports;
    int64_t revision;
    struct string_map config; //db: references=Config
    const char *location;     //db: ignore
};

struct network_forward_filter {
    struct opt_i64 id;
    struct opt_i64 network_id;
    struct opt_str listen_address;
};

#endif
