/* What is no literal of the field's type. */
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
    int64_t size; //db: coalesce=many
    const char *note; //db: coalesce=none
    const char *quote; //db: coalesce='a'b'
    bool flag; //db: coalesce=yes
    double real; //db: coalesce=1.
};

struct item_filter {
    struct opt_i64 owner_id;
    struct opt_str name;
};
