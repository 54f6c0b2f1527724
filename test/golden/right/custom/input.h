/* A struct that functions of the caller's turn into text. */
#ifndef TEST_GOLDEN_CUSTOM_H
#define TEST_GOLDEN_CUSTOM_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e machine objects-by-Name
//generate-database:mapper stmt -e machine create
//generate-database:mapper method -e machine GetOne
//generate-database:mapper method -e machine Create

struct version {
    int major;
    int minor;
};

struct machine {
    int64_t id;
    const char *name;         //db: primary=yes
    struct version installed; //db: marshal=yes
    struct version wanted;    //db: marshal=yes
};

struct machine_filter {
    struct opt_str name;
};

#endif
