/* Two entities in one header, the plural of odd names, a table that is scanned by need. */
#ifndef TEST_GOLDEN_SEVERAL_H
#define TEST_GOLDEN_SEVERAL_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e ssh_key objects scan=allowed
//generate-database:mapper stmt -e ssh_key create
//generate-database:mapper method -e ssh_key GetMany
//generate-database:mapper method -e ssh_key Create

//generate-database:mapper stmt -e ssh_policy objects-by-Name
//generate-database:mapper stmt -e ssh_policy objects-by-Rank scan=allowed
//generate-database:mapper stmt -e ssh_policy create
//generate-database:mapper method -e ssh_policy GetMany
//generate-database:mapper method -e ssh_policy Create

struct ssh_key {
    int64_t id;
    const char *finger; //db: primary=yes
};

struct ssh_policy {
    int64_t id;
    const char *name; //db: primary=yes
    int64_t rank;
};

struct ssh_policy_filter {
    struct opt_str name;
    struct opt_i64 rank;
};

#endif
