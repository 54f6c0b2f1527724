/* A join by a column that the joined table has not, and one that may be NULL. */
#ifndef TEST_GOLDEN_JOIN_CHAIN_MISSING_H
#define TEST_GOLDEN_JOIN_CHAIN_MISSING_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e item objects-by-OwnerID-and-Name
//generate-database:mapper stmt -e item create
//generate-database:mapper method -e item GetMany
//generate-database:mapper method -e item Create

struct item {
    int64_t id;
    int64_t owner_id; //db: primary=yes
    const char *name; //db: primary=yes
    int64_t size;
    struct opt_str note;
    const char *owner; //db: join=owners.name joinon=items.owner_id
    const char *town;  //db: join=towns.name joinon=owners.town
    const char *house; //db: join=houses.name joinon=owners.house_id
};

struct item_filter {
    struct opt_i64 owner_id;
    struct opt_str name;
};

#endif
