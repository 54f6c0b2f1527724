/* cluster_group.h - what members can be gathered in; who is in it, members say. */
#ifndef LBSTATE_ENTITY_CLUSTER_GROUP_H
#define LBSTATE_ENTITY_CLUSTER_GROUP_H

#include "base/string_map.h"
#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target cluster_group.mapper
//
//generate-database:mapper stmt -e cluster_group objects table=cluster_groups scan=allowed
//generate-database:mapper stmt -e cluster_group objects-by-Name
//generate-database:mapper stmt -e cluster_group create
//generate-database:mapper stmt -e cluster_group update
//generate-database:mapper stmt -e cluster_group delete-by-Name
//
//generate-database:mapper method -e cluster_group GetMany references=Config
//generate-database:mapper method -e cluster_group GetOne
//generate-database:mapper method -e cluster_group Create references=Config
//generate-database:mapper method -e cluster_group Update references=Config
//generate-database:mapper method -e cluster_group DeleteOne-by-Name

struct cluster_group {
    int64_t id;
    const char *name; //db: primary=yes
    const char *description;
    int64_t revision;
    struct string_map config; //db: references=Config
};

struct cluster_group_filter {
    struct opt_str name;
};

#endif
