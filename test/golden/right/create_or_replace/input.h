/* A row that is there keeps its id, and its children. */
#ifndef TEST_GOLDEN_CREATE_OR_REPLACE_H
#define TEST_GOLDEN_CREATE_OR_REPLACE_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e box objects-by-Name table=boxes
//generate-database:mapper stmt -e box create-or-replace
//generate-database:mapper stmt -e mark create-or-replace
//generate-database:mapper stmt -e mark id
//generate-database:mapper method -e box GetOne
//generate-database:mapper method -e box CreateOrReplace
//generate-database:mapper method -e mark CreateOrReplace
//generate-database:mapper method -e mark Exists

struct box {
    int64_t id;
    const char *name; //db: primary=yes
    int64_t size;
    int64_t serial;
};

struct box_filter {
    struct opt_str name;
};

struct mark {
    int64_t id;
    int64_t box_id; //db: primary=yes
};

#endif
