/* Columns that a statement leaves out: one is read only, one is written only. */
#ifndef TEST_GOLDEN_OMIT_H
#define TEST_GOLDEN_OMIT_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e user objects-by-Name
//generate-database:mapper stmt -e user create
//generate-database:mapper stmt -e user update
//generate-database:mapper method -e user GetOne
//generate-database:mapper method -e user Create
//generate-database:mapper method -e user Update

struct user {
    int64_t id;
    const char *secret; //db: omit=objects
    const char *name;   //db: primary=yes
    const char *origin; //db: omit=update
    int64_t logins;     //db: omit=create,update
    const char *town;
};

struct user_filter {
    struct opt_str name;
};

#endif
