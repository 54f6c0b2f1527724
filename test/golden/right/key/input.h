/* A natural key of several columns, and all that works by it. */
#ifndef TEST_GOLDEN_KEY_H
#define TEST_GOLDEN_KEY_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e room objects-by-House-and-Floor-and-Name
//generate-database:mapper stmt -e room id
//generate-database:mapper stmt -e room create
//generate-database:mapper stmt -e room update
//generate-database:mapper stmt -e room rename
//generate-database:mapper method -e room GetOne
//generate-database:mapper method -e room ID
//generate-database:mapper method -e room Exists
//generate-database:mapper method -e room Create
//generate-database:mapper method -e room Update
//generate-database:mapper method -e room Rename
//generate-database:mapper method -e room GetMany

struct room {
    int64_t id;
    const char *house; //db: primary=yes
    int64_t floor;     //db: primary=yes
    const char *name;  //db: primary=yes
    int64_t seats;
};

struct room_filter {
    struct opt_str house;
    struct opt_i64 floor;
    struct opt_str name;
};

#endif
