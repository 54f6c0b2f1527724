/* Columns that are not called as their fields are. */
#ifndef TEST_GOLDEN_COLUMN_H
#define TEST_GOLDEN_COLUMN_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e ticket objects scan=allowed
//generate-database:mapper stmt -e ticket objects-by-Name
//generate-database:mapper stmt -e ticket create
//generate-database:mapper stmt -e ticket create-or-replace
//generate-database:mapper stmt -e ticket update
//generate-database:mapper stmt -e ticket rename
//generate-database:mapper method -e ticket GetMany
//generate-database:mapper method -e ticket GetOne
//generate-database:mapper method -e ticket Create
//generate-database:mapper method -e ticket CreateOrReplace
//generate-database:mapper method -e ticket Update
//generate-database:mapper method -e ticket Rename

struct ticket {
    int64_t id;
    const char *name;      //db: primary=yes sql=tickets.code
    int64_t price;         //db: sql=tickets.cents
    int64_t changed_at;    //db: update_timestamp sql=tickets.changed
    struct opt_str remark; //db: sql=tickets.note
};

struct ticket_filter {
    struct opt_str name;
};

#endif
