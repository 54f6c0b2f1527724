/* The least that an entity needs. */
#ifndef TEST_GOLDEN_MINIMAL_H
#define TEST_GOLDEN_MINIMAL_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e colour objects scan=allowed
//generate-database:mapper stmt -e colour create
//generate-database:mapper method -e colour GetMany
//generate-database:mapper method -e colour Create

struct colour {
    int64_t id;
    const char *name; //db: primary=yes
};

#endif
