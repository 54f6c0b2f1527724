/* No struct is in itself. */
#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e item objects-by-OwnerID-and-Name
//generate-database:mapper stmt -e item create
//generate-database:mapper method -e item GetOne
//generate-database:mapper method -e item Create

struct item {
    int64_t id;
    int64_t owner_id; //db: primary=yes
    const char *name; //db: primary=yes
    struct item inner; //db: embed=yes
};

struct item_filter {
    struct opt_i64 owner_id;
    struct opt_str name;
};
