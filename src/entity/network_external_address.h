/* network_external_address.h - an address that a network holds on its uplink. */
#ifndef LBSTATE_ENTITY_NETWORK_EXTERNAL_ADDRESS_H
#define LBSTATE_ENTITY_NETWORK_EXTERNAL_ADDRESS_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target network_external_address.mapper
//
//generate-database:mapper stmt -e network_external_address objects-by-UplinkID table=networks_external_addresses
//generate-database:mapper stmt -e network_external_address objects-by-UplinkID-and-Address
//generate-database:mapper stmt -e network_external_address objects-by-NetworkID sort=allowed
//generate-database:mapper stmt -e network_external_address create
//generate-database:mapper stmt -e network_external_address delete-by-UplinkID-and-Address
//
//generate-database:mapper method -e network_external_address GetMany
//generate-database:mapper method -e network_external_address GetOne
//generate-database:mapper method -e network_external_address Create
//generate-database:mapper method -e network_external_address DeleteOne-by-UplinkID-and-Address

struct network_external_address {
    int64_t id;
    int64_t uplink_id;   //db: primary=yes
    const char *address; //db: primary=yes
    int64_t network_id;
    struct opt_i64 network_load_balancer_id; /* What listens on it: at most one is set. */
    struct opt_i64 network_forward_id;       /* Neither: it is the network's own address. */
};

struct network_external_address_filter {
    struct opt_i64 uplink_id;
    struct opt_i64 network_id;
    struct opt_str address;
};

#endif
