/* One struct, three versions of an API, and limits for what comes in. */
#ifndef TEST_GOLDEN_VERSIONS_H
#define TEST_GOLDEN_VERSIONS_H

#include "base/string_map.h"
#include "db/entity.h"

#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper json -e lamp_part versions=1.0,1.1,2.0 name weight
//generate-database:mapper json -e lamp versions=1.0,1.1,2.0 name watts lumens hue parts labels tags mood
//generate-database:mapper stmt -e lamp objects-by-Name
//generate-database:mapper stmt -e lamp create
//generate-database:mapper method -e lamp GetOne
//generate-database:mapper method -e lamp Create

struct lamp_part {
    const char *name; //db: max=3
    int64_t weight;   //db: since=2.0
};

struct lamp {
    int64_t id;
    const char *name;        //db: primary=yes max=8
    int64_t watts;           //db: until=2.0
    int64_t lumens;          //db: since=2.0
    bool hue;                //db: since=1.1 until=2.0
    struct lamp_part *parts; //db: marshal=json max=2
    size_t n_parts;
    struct string_map labels; //db: marshal=json max=1
    const char **tags;        //db: marshal=json max=2
    size_t n_tags;
    struct opt_str mood; //db: max=4 since=2.0
};

struct lamp_filter {
    struct opt_str name;
};

#endif
