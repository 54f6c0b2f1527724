/* project.h - a project: a name space of networks. */
#ifndef LBSTATE_ENTITY_PROJECT_H
#define LBSTATE_ENTITY_PROJECT_H

#include "base/string_map.h"
#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target project.mapper
//
//generate-database:mapper stmt -e project objects scan=allowed
//generate-database:mapper stmt -e project objects-by-ID
//generate-database:mapper stmt -e project objects-by-Name
//generate-database:mapper stmt -e project id
//generate-database:mapper stmt -e project create
//generate-database:mapper stmt -e project update
//generate-database:mapper stmt -e project delete-by-Name
//
//generate-database:mapper method -e project GetMany references=Config
//generate-database:mapper method -e project GetOne
//generate-database:mapper method -e project ID
//generate-database:mapper method -e project Exists
//generate-database:mapper method -e project Create references=Config
//generate-database:mapper method -e project Update references=Config
//generate-database:mapper method -e project DeleteOne-by-Name
//
//generate-database:mapper json -e project config description name

struct project {
    int64_t id;
    const char *name; //db: primary=yes
    const char *description;
    int64_t revision;
    struct string_map config; //db: references=Config
};

struct project_filter {
    struct opt_i64 id;
    struct opt_str name;
};

#endif
