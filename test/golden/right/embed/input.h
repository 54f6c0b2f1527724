/* What several kinds of records have in common is written once, and embedded. */
#ifndef TEST_GOLDEN_EMBED_H
#define TEST_GOLDEN_EMBED_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e shelf objects-by-Name table=shelves
//generate-database:mapper stmt -e shelf create
//generate-database:mapper stmt -e shelf update
//generate-database:mapper method -e shelf GetOne
//generate-database:mapper method -e shelf Create
//generate-database:mapper method -e shelf Update
//generate-database:mapper json -e shelf name description tags width
//generate-database:mapper stmt -e crate objects-by-Name
//generate-database:mapper stmt -e crate create
//generate-database:mapper method -e crate GetOne
//generate-database:mapper method -e crate Create
//generate-database:mapper json -e crate name tags

/* Embedded twice over. */
struct times {
    int64_t created_at; //db: create_timestamp
    int64_t changed_at; //db: update_timestamp
};

struct common {
    int64_t id;
    const char *name; //db: primary=yes
    const char *description;
    const char **tags; //db: marshal=json max=3
    size_t n_tags;
    struct times times; //db: embed=yes
};

struct shelf {
    struct opt_i64 width;
    struct common common; //db: embed=yes
};

struct shelf_filter {
    struct opt_str name;
};

struct crate {
    struct common shared; //db: embed=yes
    bool is_open;
};

struct crate_filter {
    struct opt_str name;
};

#endif
