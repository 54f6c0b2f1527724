/* An array whose structs are rows of a table of their own, next to a map. */
#ifndef TEST_GOLDEN_ROWS_H
#define TEST_GOLDEN_ROWS_H

#include "base/string_map.h"
#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper json -e wheel position size spare note pressure
//generate-database:mapper stmt -e cart objects scan=allowed
//generate-database:mapper stmt -e cart objects-by-Name
//generate-database:mapper stmt -e cart create
//generate-database:mapper stmt -e cart update
//generate-database:mapper stmt -e cart delete-by-Name
//generate-database:mapper method -e cart GetMany references=Wheels,Config
//generate-database:mapper method -e cart GetOne
//generate-database:mapper method -e cart Create references=Wheels,Config
//generate-database:mapper method -e cart Update references=Wheels
//generate-database:mapper method -e cart DeleteOne-by-Name

struct wheel {
    const char *position; //db: primary=yes
    int64_t size;         //db: primary=yes
    bool spare;           //db: sql=carts_wheels.is_spare
    struct opt_str note;
    double pressure;
};

struct cart {
    int64_t id;
    const char *name;     //db: primary=yes
    struct wheel *wheels; //db: references=Wheels
    size_t n_wheels;
    struct string_map config; //db: references=Config
};

struct cart_filter {
    struct opt_str name;
};

#endif
