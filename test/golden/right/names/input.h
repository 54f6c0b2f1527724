/* The last part of the natural key, by itself. */
#ifndef TEST_GOLDEN_NAMES_H
#define TEST_GOLDEN_NAMES_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e pet names-by-OwnerID
//generate-database:mapper stmt -e pet create
//generate-database:mapper stmt -e kind names scan=allowed
//generate-database:mapper stmt -e kind create
//generate-database:mapper method -e pet GetNames-by-OwnerID
//generate-database:mapper method -e pet Create
//generate-database:mapper method -e kind GetNames
//generate-database:mapper method -e kind Create

struct pet {
    int64_t id;
    int64_t owner_id; //db: primary=yes
    const char *name; //db: primary=yes
};

struct pet_filter {
    struct opt_i64 owner_id;
};

struct kind {
    int64_t id;
    const char *latin; //db: primary=yes
};

#endif
