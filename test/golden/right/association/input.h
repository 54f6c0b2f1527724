/* Rows without an id, which say what belongs together. */
#ifndef TEST_GOLDEN_ASSOCIATION_H
#define TEST_GOLDEN_ASSOCIATION_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e group_member objects scan=allowed table=group_members
//generate-database:mapper stmt -e group_member objects-by-GroupID
//generate-database:mapper stmt -e group_member objects-by-PersonID
//generate-database:mapper stmt -e group_member create
//generate-database:mapper stmt -e group_member delete-by-GroupID
//generate-database:mapper stmt -e group_member delete-by-PersonID
//generate-database:mapper method -e group_member GetMany
//generate-database:mapper method -e group_member Create
//generate-database:mapper method -e group_member Update-by-GroupID
//generate-database:mapper method -e group_member DeleteMany-by-PersonID

struct group_member {
    int64_t group_id;  //db: primary=yes
    int64_t person_id; //db: primary=yes
    int64_t rank;
    struct opt_str note;
    const char *person_name; //db: join=persons.name joinon=group_members.person_id
};

struct group_member_filter {
    struct opt_i64 group_id;
    struct opt_i64 person_id;
};

#endif
