/* A row that must be there, behind one that may be missing. */
#ifndef TEST_GOLDEN_JOIN_BEHIND_LEFT_H
#define TEST_GOLDEN_JOIN_BEHIND_LEFT_H

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
    struct opt_str town; //db: leftjoin=towns.name joinon=owners.town_id
    const char *land;    //db: join=lands.name joinon=towns.land_id
    const char *owner;   //db: join=owners.name joinon=items.owner_id
};

struct item_filter {
    struct opt_i64 owner_id;
    struct opt_str name;
};

#endif
