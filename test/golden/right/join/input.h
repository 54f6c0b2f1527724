/* Columns of other tables, which are read and never written. */
#ifndef TEST_GOLDEN_JOIN_H
#define TEST_GOLDEN_JOIN_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e door objects scan=allowed
//generate-database:mapper stmt -e door objects-by-HouseID-and-Number
//generate-database:mapper stmt -e door create
//generate-database:mapper stmt -e door update
//generate-database:mapper method -e door GetMany
//generate-database:mapper method -e door GetOne
//generate-database:mapper method -e door Create
//generate-database:mapper method -e door Update

struct door {
    const char *house_name;      //db: join=houses.name joinon=doors.house_id
    struct opt_str house_street; //db: join=houses.street joinon=doors.house_id
    int64_t id;
    int64_t house_id; //db: primary=yes
    int64_t number;   //db: primary=yes
    const char *colour;
    const char *material_name; //db: join=materials.name joinon=doors.material_id
    int64_t material_id;
};

struct door_filter {
    struct opt_i64 house_id;
    struct opt_i64 number;
};

#endif
