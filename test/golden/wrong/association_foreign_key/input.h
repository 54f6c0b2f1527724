/* An id that is no other row's. */
#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e item create
//generate-database:mapper method -e item Create

struct item {
    int64_t owner_id; //db: primary=yes
    int64_t thing_id; //db: primary=yes
};

struct item_filter {
    struct opt_i64 owner_id;
};
