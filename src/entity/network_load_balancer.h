/* network_load_balancer.h - a load balancer: a listen address on an uplink,
 * its ports, and the backends behind them. The record as Incus has it. */
#ifndef LBSTATE_ENTITY_NETWORK_LOAD_BALANCER_H
#define LBSTATE_ENTITY_NETWORK_LOAD_BALANCER_H

#include "base/string_map.h"
#include "db/entity.h"

#include <stddef.h>
#include <stdint.h>

//generate-database:mapper target network_load_balancer.mapper
//
//generate-database:mapper json -e network_load_balancer_backend name description target_port target_address
//generate-database:mapper json -e network_load_balancer_port description protocol listen_port target_backend
//
//generate-database:mapper stmt -e network_load_balancer objects table=networks_load_balancers scan=allowed
//generate-database:mapper stmt -e network_load_balancer objects-by-NetworkID
//generate-database:mapper stmt -e network_load_balancer objects-by-NetworkID-and-ListenAddress
//generate-database:mapper stmt -e network_load_balancer id
//generate-database:mapper stmt -e network_load_balancer create
//generate-database:mapper stmt -e network_load_balancer update
//generate-database:mapper stmt -e network_load_balancer delete-by-NetworkID-and-ListenAddress
//generate-database:mapper stmt -e network_load_balancer delete-by-NetworkID
//
//generate-database:mapper method -e network_load_balancer GetMany references=Config
//generate-database:mapper method -e network_load_balancer GetOne
//generate-database:mapper method -e network_load_balancer ID
//generate-database:mapper method -e network_load_balancer Exists
//generate-database:mapper method -e network_load_balancer Create references=Config
//generate-database:mapper method -e network_load_balancer Update references=Config
//generate-database:mapper method -e network_load_balancer DeleteOne-by-NetworkID-and-ListenAddress
//generate-database:mapper method -e network_load_balancer DeleteMany-by-NetworkID
//
//generate-database:mapper json -e network_load_balancer description config backends ports listen_address location

struct network_load_balancer_backend {
    const char *name;
    const char *description;
    const char *target_port;
    const char *target_address;
};

struct network_load_balancer_port {
    const char *description;
    const char *protocol;
    const char *listen_port;
    const char **target_backend;
    size_t n_target_backend;
};

struct network_load_balancer {
    int64_t id;
    int64_t network_id;         //db: primary=yes
    const char *listen_address; //db: primary=yes
    const char *description;
    struct network_load_balancer_backend *backends; //db: marshal=json
    size_t n_backends;
    struct network_load_balancer_port *ports; //db: marshal=json
    size_t n_ports;
    int64_t revision;
    struct string_map config; //db: references=Config
    const char *location;     //db: ignore
};

struct network_load_balancer_filter {
    struct opt_i64 id;
    struct opt_i64 network_id;
    struct opt_str listen_address;
};

#endif
