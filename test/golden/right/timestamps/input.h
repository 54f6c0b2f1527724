/* Times are told by the caller; what is in the object is not looked at. */
#ifndef TEST_GOLDEN_TIMESTAMPS_H
#define TEST_GOLDEN_TIMESTAMPS_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e sheet objects-by-Name
//generate-database:mapper stmt -e sheet create
//generate-database:mapper stmt -e sheet create-or-replace
//generate-database:mapper stmt -e sheet update
//generate-database:mapper stmt -e sheet rename
//generate-database:mapper method -e sheet GetOne
//generate-database:mapper method -e sheet Create
//generate-database:mapper method -e sheet CreateOrReplace
//generate-database:mapper method -e sheet Update
//generate-database:mapper method -e sheet Rename

struct sheet {
    int64_t id;
    const char *name;   //db: primary=yes
    int64_t created_at; //db: create_timestamp
    int64_t changed_at; //db: update_timestamp
};

struct sheet_filter {
    struct opt_str name;
};

#endif
