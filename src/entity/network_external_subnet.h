/* network_external_subnet.h - a subnet that a network routes on its uplink
 * without translation: no other network may take an address in it. */
#ifndef LBSTATE_ENTITY_NETWORK_EXTERNAL_SUBNET_H
#define LBSTATE_ENTITY_NETWORK_EXTERNAL_SUBNET_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target network_external_subnet.mapper
//
//generate-database:mapper stmt -e network_external_subnet objects-by-UplinkID table=networks_external_subnets
//generate-database:mapper stmt -e network_external_subnet create
//generate-database:mapper stmt -e network_external_subnet delete-by-NetworkID
//
//generate-database:mapper method -e network_external_subnet GetMany
//generate-database:mapper method -e network_external_subnet Create
//generate-database:mapper method -e network_external_subnet DeleteMany-by-NetworkID

struct network_external_subnet {
    int64_t id;
    int64_t uplink_id;  //db: primary=yes
    const char *subnet; //db: primary=yes
    int64_t network_id;
};

struct network_external_subnet_filter {
    struct opt_i64 uplink_id;
    struct opt_i64 network_id;
};

#endif
