/* A part of the natural key that may be missing. */
#ifndef TEST_GOLDEN_JOINED_KEY_LEFT_H
#define TEST_GOLDEN_JOINED_KEY_LEFT_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e item objects-by-Owner-and-Name
//generate-database:mapper stmt -e item create
//generate-database:mapper method -e item GetOne
//generate-database:mapper method -e item GetMany
//generate-database:mapper method -e item Create

struct item {
    int64_t id;
    struct opt_str owner; //db: primary=yes leftjoin=owners.name joinon=items.owner_id
    const char *name;     //db: primary=yes
    int64_t size;
    struct opt_str note;
};

struct item_filter {
    struct opt_str owner;
    struct opt_str name;
};

#endif
