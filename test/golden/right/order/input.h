/* Rows in the order of a column that isn't the natural key, also of several selectors. */
#ifndef TEST_GOLDEN_ORDER_H
#define TEST_GOLDEN_ORDER_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e step objects scan=allowed
//generate-database:mapper stmt -e step objects-by-Plan
//generate-database:mapper stmt -e step objects-by-Plan-and-Name
//generate-database:mapper stmt -e step create
//generate-database:mapper method -e step GetMany
//generate-database:mapper method -e step GetOne
//generate-database:mapper method -e step Create

struct step {
    int64_t id;
    const char *plan; //db: primary=yes
    const char *name; //db: primary=yes
    int64_t rank;     //db: order=yes
};

struct step_filter {
    struct opt_str plan;
    struct opt_str name;
};

#endif
