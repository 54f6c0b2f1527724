/* network.h - a network: an uplink (physical), one behind it (ovn), or a bridge. */
#ifndef LBSTATE_ENTITY_NETWORK_H
#define LBSTATE_ENTITY_NETWORK_H

#include "base/string_map.h"
#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target network.mapper
//
//generate-database:mapper stmt -e network objects scan=allowed
//generate-database:mapper stmt -e network objects-by-ID
//generate-database:mapper stmt -e network objects-by-ProjectID
//generate-database:mapper stmt -e network objects-by-ProjectID-and-Name
//generate-database:mapper stmt -e network objects-by-UplinkID sort=allowed
//generate-database:mapper stmt -e network id
//generate-database:mapper stmt -e network create
//generate-database:mapper stmt -e network update
//generate-database:mapper stmt -e network rename
//generate-database:mapper stmt -e network delete-by-ID
//
//generate-database:mapper method -e network GetMany references=Config
//generate-database:mapper method -e network GetOne
//generate-database:mapper method -e network ID
//generate-database:mapper method -e network Exists
//generate-database:mapper method -e network Create references=Config
//generate-database:mapper method -e network Update references=Config
//generate-database:mapper method -e network Rename
//generate-database:mapper method -e network DeleteOne-by-ID
//
//generate-database:mapper json -e network config description name

/* The numbers are Incus'. */
enum network_type {
    NETWORK_BRIDGE = 0,
    NETWORK_OVN = 3,
    NETWORK_PHYSICAL = 4,
};

enum network_state {
    NETWORK_PENDING = 0,
    NETWORK_CREATED = 1,
    NETWORK_ERRORED = 2,
};

struct network {
    int64_t id;
    int64_t project_id; //db: primary=yes
    const char *name;   //db: primary=yes
    const char *description;
    enum network_state state;
    enum network_type type;
    struct opt_i64 uplink_id; /* The network of config's "network". */
    int64_t revision;
    const char *project_name; //db: join=projects.name joinon=networks.project_id
    struct string_map config; //db: references=Config
};

struct network_filter {
    struct opt_i64 id;
    struct opt_i64 project_id;
    struct opt_str name;
    struct opt_i64 uplink_id;
};

#endif
