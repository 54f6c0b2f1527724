/* Rows without an id, deleted by a column of another table. */
#ifndef TEST_GOLDEN_ASSOCIATION_DELETE_H
#define TEST_GOLDEN_ASSOCIATION_DELETE_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e member delete-by-Owner
//generate-database:mapper method -e member DeleteMany-by-Owner

struct member {
    int64_t owner_id;  //db: primary=yes
    int64_t group_id;  //db: primary=yes
    const char *owner; //db: join=owners.name joinon=members.owner_id
};

struct member_filter {
    struct opt_str owner;
};

#endif
