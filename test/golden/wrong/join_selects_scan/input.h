/* A column of a joined table that no index finds. */
#ifndef TEST_GOLDEN_JOIN_SELECTS_SCAN_H
#define TEST_GOLDEN_JOIN_SELECTS_SCAN_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e item objects-by-OwnerID-and-Name
//generate-database:mapper stmt -e item objects-by-Town
//generate-database:mapper stmt -e item delete-by-Town
//generate-database:mapper stmt -e item create
//generate-database:mapper method -e item GetMany
//generate-database:mapper method -e item Create
//generate-database:mapper method -e item DeleteMany-by-Town

struct item {
    int64_t id;
    int64_t owner_id; //db: primary=yes
    const char *name; //db: primary=yes
    int64_t size;
    struct opt_str note;
    const char *town; //db: join=owners.town joinon=items.owner_id
};

struct item_filter {
    struct opt_i64 owner_id;
    struct opt_str name;
    struct opt_str town;
};

#endif
