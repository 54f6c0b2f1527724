/* cluster_member.h - a member of the cluster. Its id is its id in Raft. */
#ifndef LBSTATE_ENTITY_CLUSTER_MEMBER_H
#define LBSTATE_ENTITY_CLUSTER_MEMBER_H

#include "base/string_map.h"
#include "db/entity.h"

#include <stddef.h>
#include <stdint.h>

//generate-database:mapper target cluster_member.mapper
//
//generate-database:mapper stmt -e cluster_member objects table=cluster_members scan=allowed
//generate-database:mapper stmt -e cluster_member objects-by-Name
//generate-database:mapper stmt -e cluster_member create
//generate-database:mapper stmt -e cluster_member update
//generate-database:mapper stmt -e cluster_member delete-by-Name
//
//generate-database:mapper method -e cluster_member GetMany references=Config
//generate-database:mapper method -e cluster_member GetOne
//generate-database:mapper method -e cluster_member Create references=Config
//generate-database:mapper method -e cluster_member Update references=Config
//generate-database:mapper method -e cluster_member DeleteOne-by-Name

struct cluster_member {
    int64_t id;
    const char *name;         //db: primary=yes
    const char *address;      /* Of the cluster endpoint, with its port. */
    const char *raft_address; /* Never changes. */
    const char *description;
    const char *failure_domain;
    const char *state; /* "", or "evacuated". */
    const char *key_pin;
    const char *next_key_pin; /* While the key is being replaced; else "". */
    const char **roles;       //db: marshal=json
    size_t n_roles;
    const char **groups; //db: marshal=json
    size_t n_groups;
    int64_t revision;
    struct string_map config; //db: references=Config
};

struct cluster_member_filter {
    struct opt_str name;
};

#endif
