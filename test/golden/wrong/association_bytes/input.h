/* Rows without an id, which are written as JSON. */
#ifndef TEST_GOLDEN_ASSOCIATION_BYTES_H
#define TEST_GOLDEN_ASSOCIATION_BYTES_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e member create
//generate-database:mapper method -e member Create

struct member {
    int64_t owner_id; //db: primary=yes
    int64_t group_id; //db: primary=yes
    struct bytes picture;
};

struct member_filter {
    struct opt_i64 owner_id;
};

#endif
