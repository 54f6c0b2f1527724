/* A name that is another table's. */
#ifndef TEST_GOLDEN_JOINED_KEY_RENAME_H
#define TEST_GOLDEN_JOINED_KEY_RENAME_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e item rename
//generate-database:mapper method -e item Rename

struct item {
    int64_t id;
    const char *name; //db: primary=yes join=owners.name joinon=items.owner_id
    const char *word; //db: primary=yes
    int64_t size;
};

struct item_filter {
    struct opt_str word;
    struct opt_str name;
};

#endif
