/* The fields of both are in one object and in one row. */
#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e item objects-by-OwnerID-and-Name
//generate-database:mapper stmt -e item create
//generate-database:mapper method -e item GetOne
//generate-database:mapper method -e item Create

struct more {
    int64_t size;
    const char *name;
    struct opt_str note;
};

struct item {
    int64_t id;
    int64_t owner_id; //db: primary=yes
    const char *name; //db: primary=yes
    struct more more; //db: embed=yes
};

struct item_filter {
    struct opt_i64 owner_id;
    struct opt_str name;
};
