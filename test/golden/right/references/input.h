/* Two map tables: one is kept with its parent throughout, one is not updated. */
#ifndef TEST_GOLDEN_REFERENCES_H
#define TEST_GOLDEN_REFERENCES_H

#include "base/string_map.h"
#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e host objects scan=allowed
//generate-database:mapper stmt -e host objects-by-Name
//generate-database:mapper stmt -e host create
//generate-database:mapper stmt -e host update
//generate-database:mapper stmt -e host delete-by-Name
//generate-database:mapper method -e host GetMany references=Config,Labels
//generate-database:mapper method -e host GetOne
//generate-database:mapper method -e host Create references=Config,Labels
//generate-database:mapper method -e host Update references=Config
//generate-database:mapper method -e host DeleteOne-by-Name

struct host {
    int64_t id;
    const char *name;         //db: primary=yes
    struct string_map config; //db: references=Config
    struct string_map labels; //db: references=Labels
};

struct host_filter {
    struct opt_str name;
};

#endif
