/* A literal in the place of NULL, of each type. */
#ifndef TEST_GOLDEN_COALESCE_H
#define TEST_GOLDEN_COALESCE_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e memo objects scan=allowed
//generate-database:mapper stmt -e memo objects-by-Name
//generate-database:mapper stmt -e memo create
//generate-database:mapper method -e memo GetMany
//generate-database:mapper method -e memo GetOne
//generate-database:mapper method -e memo Create

enum memo_kind {
    MEMO_PLAIN = 0,
    MEMO_LOUD = 3,
};

struct memo {
    int64_t id;
    const char *name;    //db: primary=yes
    const char *text;    //db: coalesce='none'
    int64_t size;        //db: coalesce=-1
    bool flag;           //db: coalesce=1
    double weight;       //db: coalesce=2.5
    enum memo_kind kind; //db: coalesce=3
};

struct memo_filter {
    struct opt_str name;
};

#endif
