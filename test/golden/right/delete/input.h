/* Deleting one row by what is unique, and many by what is not. */
#ifndef TEST_GOLDEN_DELETE_H
#define TEST_GOLDEN_DELETE_H

#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e note objects-by-Name
//generate-database:mapper stmt -e note create
//generate-database:mapper stmt -e note delete-by-ID
//generate-database:mapper stmt -e note delete-by-Name
//generate-database:mapper stmt -e note delete-by-Author
//generate-database:mapper method -e note GetMany
//generate-database:mapper method -e note Create
//generate-database:mapper method -e note DeleteOne-by-ID
//generate-database:mapper method -e note DeleteOne-by-Name
//generate-database:mapper method -e note DeleteMany-by-Author

struct note {
    int64_t id;
    const char *name; //db: primary=yes
    const char *author;
};

struct note_filter {
    struct opt_str name;
};

#endif
