/* A statement that may cost more with rows it has nothing to do with: it counts them. */
#ifndef TEST_GOLDEN_COST_H
#define TEST_GOLDEN_COST_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e entry objects-by-Name table=entries
//generate-database:mapper stmt -e entry create scan=allowed
//generate-database:mapper method -e entry GetOne
//generate-database:mapper method -e entry Create

struct entry {
    int64_t id;
    const char *name; //db: primary=yes
};

struct entry_filter {
    struct opt_str name;
};

#endif
