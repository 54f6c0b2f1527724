/* Joins that lead to each other, and one to itself. */
#ifndef TEST_GOLDEN_JOIN_CIRCLE_H
#define TEST_GOLDEN_JOIN_CIRCLE_H

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
    const char *a; //db: join=owners.name joinon=towns.owner_id
    const char *b; //db: join=towns.name joinon=owners.town_id
    const char *c; //db: join=lands.name joinon=lands.id
};

struct item_filter {
    struct opt_i64 owner_id;
    struct opt_str name;
};

#endif
