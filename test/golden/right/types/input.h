/* A column of each type, also NULL. */
#ifndef TEST_GOLDEN_TYPES_H
#define TEST_GOLDEN_TYPES_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e sample objects scan=allowed
//generate-database:mapper stmt -e sample objects-by-Name
//generate-database:mapper stmt -e sample create
//generate-database:mapper stmt -e sample update
//generate-database:mapper method -e sample GetMany
//generate-database:mapper method -e sample GetOne
//generate-database:mapper method -e sample Create
//generate-database:mapper method -e sample Update

enum sample_kind {
    SAMPLE_SMALL = -1,
    SAMPLE_LARGE = 1 << 4, /* Values are the compiler's business. */
    SAMPLE_OTHER,
};

struct sample {
    int64_t id;
    const char *name; //db: primary=yes
    int64_t number;
    bool flag;
    double real;
    struct bytes blob;
    enum sample_kind kind;
    struct opt_i64 opt_number;
    struct opt_bool opt_flag;
    struct opt_double opt_real;
    struct opt_str opt_text;
};

struct sample_filter {
    struct opt_str name;
};

#endif
